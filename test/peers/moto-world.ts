import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CountedCall } from '../../src/aws/clients.js';
import { open } from '../../src/installation/installation.js';
import type { Session } from '../../src/installation/session.js';
import type { Planned, Report } from '../../src/reconciler/outcome.js';
import type { MotoOrganization } from './moto-organization.js';

/** Everything that Evenkeel may call that has an effect, whatever else it comes to call: what reads begins with one of these. */
const READS = /^(Describe|List|Get|Head|Assume)/;

export type MotoWorld = {
  readonly folder: string;
  readonly ledgerFolder: string;
  /** Writes files of the desired state; null removes one. */
  write(files: Readonly<Record<string, string | null>>): Promise<void>;
  /** What was called since the last reconcile began, by operation. */
  calls(): Readonly<Record<string, number>>;
  mutations(): readonly string[];
  session(): Promise<Session>;
  plan(): Promise<Planned>;
  reconcile(): Promise<Report>;
  close(): Promise<void>;
};

/** The very installation that runs against AWS, with moto's address and the machine's own clock. */
export async function createMotoWorld(organization: MotoOrganization): Promise<MotoWorld> {
  const root = await mkdtemp(join(tmpdir(), 'evenkeel-moto-'));
  const folder = join(root, 'desired-state');
  const watch = { signal: new AbortController().signal, progress: () => undefined };
  let counted: CountedCall[] = [];

  const world: MotoWorld = {
    folder,
    ledgerFolder: join(root, 'ledger'),
    async write(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        if (text === null) await rm(join(folder, path));
        else await writeFile(join(folder, path), text);
      }
    },
    calls() {
      const sums: Record<string, number> = {};
      for (const { operation } of counted) sums[operation] = (sums[operation] ?? 0) + 1;
      return sums;
    },
    mutations: () => [...new Set(counted.map((call) => call.operation).filter((operation) => !READS.test(operation)))],
    async session() {
      counted = [];
      const { endpoint, credentials } = organization;
      const { session, diagnostics } = await open({
        source: { type: 'folder', path: folder },
        installation: null,
        ledger: { type: 'folder', path: join(root, 'ledger') },
        env: {},
        pollInterval: { first: 50, longest: 200 },
        aws: { endpoint, credentials, onCall: (call) => counted.push(call) },
      });
      if (session === null) throw new Error(`the desired state is not valid: ${JSON.stringify(diagnostics, null, 2)}`);
      return session;
    },
    async plan() {
      const session = await world.session();
      try {
        return await session.plan({ type: 'all' }, watch);
      } finally {
        await session.close();
      }
    },
    async reconcile() {
      const session = await world.session();
      try {
        return await session.apply(await session.plan({ type: 'all' }, watch), 'reconcile', watch);
      } finally {
        await session.close();
      }
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
  return world;
}
