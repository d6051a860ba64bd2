import type { Identifiers } from '../kernel/contract.js';
import type { DetectionTrouble, Trouble } from '../kernel/trouble.js';
import type { StandingStack } from '../services/cloudformation/engine.js';
import { strikesAt } from './where.js';

const MOST_IN_A_ROW = 2;
/** Simulated seconds. */
const LONGEST = 6 * 3600;
const [EARLIEST, LATEST] = [60, 600];

/** Draws what goes wrong with each detection that is begun: by stack, and how many were begun on it before. */
export function detectionDraw(
  share: NonNullable<Trouble['detections']>,
  mostInARow: number = MOST_IN_A_ROW,
  draws: Pick<Identifiers, 'between'>,
  isOn: () => boolean,
): (stack: StandingStack) => DetectionTrouble | null {
  const past = new Map<string, { begun: number; inARow: number }>();
  const rate = typeof share === 'number' ? share : share.rate;
  return ({ accountId, region, name }) => {
    const operation = 'cloudformation:DetectStackDrift';
    if (!isOn() || !strikesAt(share, { operation, account: accountId, region })) return null;
    const stack = `${accountId}/${region}/${name}`;
    const { begun, inARow } = past.get(stack) ?? { begun: 0, inARow: 0 };
    const key = `detection ${stack} ${begun}`;
    const spared = rate < 1 && inARow >= mostInARow;
    const struck = !spared && draws.between(0, 999_999, key) / 1_000_000 < rate;
    past.set(stack, { begun: begun + 1, inARow: struck ? inARow + 1 : 0 });
    return struck ? kindOf(draws, key) : null;
  };
}

function kindOf(draws: Pick<Identifiers, 'between'>, key: string): DetectionTrouble {
  const kinds: readonly DetectionTrouble[] = [
    { type: 'fails-half-way' },
    { type: 'hangs', seconds: LONGEST },
    { type: 'shown-late', seconds: draws.between(EARLIEST, LATEST, `late ${key}`) },
  ];
  return kinds[draws.between(0, kinds.length - 1, `which ${key}`)]!;
}
