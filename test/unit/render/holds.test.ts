import { NO_DRIFT } from '../../../src/model/drift.js';
import { expect, it } from 'vitest';
import { sha256 } from '../../../src/model/canonical.js';
import type { Hold } from '../../../src/model/hold.js';
import type { RunId } from '../../../src/model/identifiers.js';
import type { Entry } from '../../../src/model/recorded.js';
import { holdBlocks } from '../../../src/reconciler/describe-holds.js';
import { recorded } from '../../support/builders.js';
import { at } from './plans.js';

const hold: Hold = {
  manifest: 'Stack/watch',
  artifactSha256: sha256('bad'),
  wave: 0,
  failed: [at('Stack/watch', 1)],
  reason: 'it failed',
  run: 'run-1' as RunId,
  at: '2026-11-22T16:00:00.000Z',
  resumed: null,
};
const resumed: Hold = { ...hold, resumed: { reason: 'looked at', at: '2026-11-22T17:00:00.000Z' } };
const entry = (artifact: string, when: string): Entry => ({
  address: at('Stack/watch', 2),
  recorded: recorded({ artifactSha256: sha256(artifact), at: when }),
  step: { type: 'idle' },
  sync: 'IN_SYNC',
  generation: 1,
  version: 1,
  drift: NO_DRIFT,
  memberDrift: {},
  historyHead: null,
});

it.each([
  ['nothing came since', hold, [], true],
  ['what was under way when it stopped ended well', hold, [entry('bad', '2026-11-22T16:01:00.000Z')], true],
  ['another artifact stood before', hold, [entry('good', '2026-11-22T15:00:00.000Z')], true],
  ['another artifact came since', hold, [entry('good', '2026-11-22T18:00:00.000Z')], false],
  ['it was resumed and nothing went on yet', resumed, [entry('bad', '2026-11-22T16:30:00.000Z')], true],
  ['it was resumed and went on', resumed, [entry('bad', '2026-11-22T18:00:00.000Z')], false],
] as const)('a stopped rollout is told or not, where %s', (_, told, entries, shown) => {
  expect(holdBlocks([told], entries).length > 0).toBe(shown);
});
