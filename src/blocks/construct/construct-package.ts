import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PROP_INDEX_FILE } from './construct-contract.js';
import type { PropIndex } from './construct-contract.js';
import { LockRefusal } from '../lock/lock-refusal.js';

/** Where Evenkeel itself is installed, and the packages that were installed with it: nothing is looked for anywhere else. */
export type ConstructInstallation = {
  /** `node_modules`. */
  readonly modules: string;
  /** The program of the child process. */
  readonly program: string;
};

/** What a package says of itself. */
export type PackageFacts = {
  readonly version: string;
  readonly licence: string | null;
  readonly author: string | null;
  readonly sourceCodeUrl: string | null;
};

const SCOPE = '@aws-solutions-constructs/';

export function packageOf(construct: string): string {
  return `${SCOPE}${construct}`;
}

/** The installation that this file belongs to; a package that is installed into another has its packages beside it. */
export function ownInstallation(): ConstructInstallation {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  const inside = join(root, 'node_modules');
  const modules =
    existsSync(join(inside, 'aws-cdk-lib')) || basename(dirname(root)) !== 'node_modules' ? inside : dirname(root);
  return { modules, program: join(root, 'dist', 'synthesis', 'main.js') };
}

/** The construct as it is installed. Throws a LockRefusal where it is not, or is another version than the manifest asks for. */
export async function installedConstruct(
  construct: string,
  version: string,
  { modules }: ConstructInstallation,
): Promise<PackageFacts> {
  const name = packageOf(construct);
  const missing = await absent(['aws-cdk-lib', 'constructs', `${SCOPE}core`], modules);
  const found = await read(name, modules);
  if (missing.length > 0)
    throw new LockRefusal(
      'EK4068',
      'construct',
      `constructs are synthesised with optional packages, and ${[...missing, ...(found === null ? [name] : [])].join(', ')} ${missing.length === 1 && found !== null ? 'is' : 'are'} not installed`,
      'run `npm ci --include=optional` where Evenkeel is installed',
    );
  if (found === null)
    throw new LockRefusal(
      'EK4068',
      'construct',
      `the package ${name} is not installed with Evenkeel`,
      `run \`npm ci --include=optional\` where Evenkeel is installed; if it does not come with it, \`npm install --save-optional --save-exact ${name}@${version}\``,
    );
  if (found.version !== version)
    throw new LockRefusal(
      'EK4069',
      'version',
      `the manifest asks for ${name} ${version}, and ${found.version} is installed`,
      `write ${found.version}, or install the version that you want where Evenkeel is installed`,
    );
  return found;
}

/** Null where the pattern, or what constructs are synthesised with, is not installed. */
export async function installedVersion(construct: string, { modules }: ConstructInstallation): Promise<string | null> {
  const missing = await absent(['aws-cdk-lib', 'constructs', `${SCOPE}core`], modules);
  return missing.length > 0 ? null : ((await read(packageOf(construct), modules))?.version ?? null);
}

/** What the installed constructs take; null where Evenkeel was built without them, or the CDK has been exchanged since. */
export async function readPropIndex({ modules, program }: ConstructInstallation): Promise<PropIndex | null> {
  const text = await textOf(join(dirname(program), PROP_INDEX_FILE));
  const index = text === null ? null : (JSON.parse(text) as PropIndex);
  const cdk = await read('aws-cdk-lib', modules);
  return index?.cdk === cdk?.version ? index : null;
}

async function absent(names: readonly string[], modules: string): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => read(name, modules)));
  return names.filter((_, index) => found[index] === null);
}

async function read(name: string, modules: string): Promise<PackageFacts | null> {
  const text = await textOf(join(modules, name, 'package.json'));
  if (text === null) return null;
  const { version, license, author, repository } = JSON.parse(text) as {
    readonly version: string;
    readonly license?: string;
    readonly author?: string | { readonly name?: string };
    readonly repository?: string | { readonly url?: string };
  };
  const url = typeof repository === 'string' ? repository : (repository?.url ?? null);
  return {
    version,
    licence: license ?? null,
    author: typeof author === 'string' ? author : (author?.name ?? null),
    sourceCodeUrl: url === null ? null : url.replace(/^git\+/, '').replace(/\.git$/, ''),
  };
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
