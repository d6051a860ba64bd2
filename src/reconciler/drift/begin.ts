import type { PendingDetection } from '../../model/checks.js';
import { targetKey } from '../../model/target.js';
import type { DriftProbe } from '../ports.js';
import type { Asking } from './asking.js';
import type { Books, Outcome } from './books.js';
import { refusedCheck } from './refused.js';
import type { Watched } from './watched.js';

export type Begun = {
  readonly outcomes: readonly Outcome[];
  /** Detections that are under way now and were not before. */
  readonly begun: number;
  /** How many were not asked after all. */
  readonly waiting: number;
};

/**
 * Begins a detection of each stack and waits for none: the next walk shows their ends. Somebody else's that is under way is as good.
 * A stack whose status does not allow one, or that is gone, is left as it is.
 */
export async function beginDetections(
  due: readonly Watched[],
  books: Books,
  probe: Pick<DriftProbe, 'detect'>,
  asking: Asking,
  now: Date,
): Promise<Begun> {
  const since = now.toISOString();
  const answers = await Promise.all(
    due.map(async (watched) => {
      const { target, stack } = watched;
      return asking.ask(target, (signal) => probe.detect({ target, stackId: stack.stackId }, signal));
    }),
  );
  const outcomes: Outcome[] = [];
  let begun = 0;
  let waiting = 0;
  const under = (watched: Watched, pending: PendingDetection): void => {
    outcomes.push({ watched, pending });
    begun += 1;
  };
  for (const [index, answer] of answers.entries()) {
    const watched = due[index]!;
    const pending = books.get(targetKey(watched.target))?.stacks[watched.stack.stackId]?.pending ?? null;
    switch (answer?.type) {
      case undefined:
        waiting += 1;
        break;
      case 'begun':
        under(watched, { id: answer.id, since });
        break;
      case 'running':
        // It may be the one that was begun before, and given up.
        under(watched, { id: pending?.id ?? '', since });
        break;
      case 'not-now':
      case 'gone':
        break;
      case 'failed':
        outcomes.push({ watched, detection: refusedCheck(answer.diagnostic, since) });
        break;
    }
  }
  return { outcomes, begun, waiting };
}
