import { lstat, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SynthesisAsset } from './construct-contract.js';
import { OUT_FOLDER } from './construct-contract.js';
import { zipOf } from './construct-material.js';

const LIMITS = { assets: 50, files: 5_000, bytes: 50 * 1024 * 1024 } as const;

/** What the CDK brings itself, such as the code of a custom resource: the key that the template says → its bytes. Null where it is more than a construct may bring. */
export async function readAssets(
  folder: string,
  assets: readonly SynthesisAsset[],
): Promise<ReadonlyMap<string, Uint8Array> | null> {
  if (assets.length > LIMITS.assets) return null;
  const found = new Map<string, Uint8Array>();
  for (const { key, path, packaging } of assets) {
    const files = await filesBelow(join(folder, OUT_FOLDER, path));
    if (files === null) return null;
    const bytes = packaging === 'zip' ? zipOf(files) : files.get('');
    if (bytes !== undefined) found.set(key, bytes);
  }
  return found;
}

/** Path inside → bytes, sorted; a file itself has the path ''. Links are left out. Null where there is too much. */
async function filesBelow(root: string): Promise<ReadonlyMap<string, Uint8Array> | null> {
  const found = new Map<string, Uint8Array>();
  const paths = [''];
  let bytes = 0;
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const place = path === '' ? root : join(root, path);
    const { size, ...stats } = await statsOf(place);
    if (stats.isFolder) {
      const inside = path === '' ? '' : `${path}/`;
      paths.push(...(await readdir(place)).map((name) => `${inside}${name}`));
    } else if (stats.isFile) {
      bytes += size;
      if (found.size >= LIMITS.files || bytes > LIMITS.bytes) return null;
      found.set(path, await readFile(place));
    }
    if (paths.length > LIMITS.files) return null;
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function statsOf(
  path: string,
): Promise<{ readonly isFile: boolean; readonly isFolder: boolean; readonly size: number }> {
  const stats = await lstat(path);
  return { isFile: stats.isFile(), isFolder: stats.isDirectory(), size: stats.size };
}
