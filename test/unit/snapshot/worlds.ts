import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatedAws, simulatedClock } from '../../../src/cli/demo/simulated-aws.js';
import { open } from '../../../src/installation/installation.js';
import type { Session } from '../../../src/installation/session.js';
import { snapshotText } from '../../../src/model/snapshot-text.js';
import type { Region } from '../../../src/model/identifiers.js';
import type { Planned, Report } from '../../../src/reconciler/outcome.js';
import type { SnapshotOutcome } from '../../../src/reconciler/describe-snapshot.js';
import { readOrganizationFile } from '../../../src/simulator/organizations/organization-file.js';
import { createSimulator, type StorySimulator } from '../../../src/simulator/simulator.js';
import { ALL, HUB } from '../../support/world.js';

const watch = { signal: new AbortController().signal, progress: () => undefined };

/** The installation that a desired state describes, on any simulator, with the ledger of that folder. */
export type Onlooker = {
  readonly simulator: StorySimulator;
  readonly ledger: string;
  session(): Promise<Session>;
  plan(): Promise<Planned>;
  reconcile(): Promise<Report>;
  snapshot(regions?: readonly string[]): Promise<SnapshotOutcome>;
};

export function onlooker(simulator: StorySimulator, desiredState: string, ledger: string): Onlooker {
  const session = async (): Promise<Session> => {
    const opened = await open({
      source: { type: 'folder', path: desiredState },
      installation: null,
      ledger: { type: 'folder', path: ledger },
      env: {},
      clock: simulatedClock(simulator),
      aws: simulatedAws(simulator, HUB),
    });
    if (opened.session === null) throw new Error(JSON.stringify(opened.diagnostics, null, 2));
    return opened.session;
  };
  const within = async <Value>(use: (session: Session) => Promise<Value>): Promise<Value> => {
    const opened = await session();
    try {
      return await use(opened);
    } finally {
      await opened.close();
    }
  };
  return {
    simulator,
    ledger,
    session,
    plan: () => within((opened) => opened.plan(ALL, watch)),
    reconcile: () => within(async (opened) => opened.apply(await opened.plan(ALL, watch), 'reconcile', watch)),
    snapshot: (regions = []) => within((opened) => opened.snapshot(regions as Region[], watch)),
  };
}

export const textOf = ({ snapshot }: SnapshotOutcome): string => [...snapshotText(snapshot!)].join('');

/** Where copies of ledgers stand. */
export async function scratch(): Promise<{ folder(name: string): string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'evenkeel-snapshot-'));
  return { folder: (name) => join(root, name), remove: () => rm(root, { recursive: true, force: true }) };
}

/** A simulator that starts from what the snapshot says, with another seed: nothing may follow from the first one's. */
export function copyOf(text: string): StorySimulator {
  return createSimulator({ organization: readOrganizationFile(text), seed: 4711 });
}

export async function copiedLedger(from: string, to: string): Promise<string> {
  await cp(from, to, { recursive: true });
  return to;
}
