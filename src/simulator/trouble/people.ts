import type { Visitor } from '../kernel/attended-clock.js';
import type { Call, Identifiers, LoggedCall, Principal, VirtualClock } from '../kernel/contract.js';
import { AwsError } from '../kernel/contract.js';
import type { Deed, Trouble } from '../kernel/trouble.js';
import { ACTS, RARE_ACTS, type Act } from './acts.js';
import type { Reach, Subject } from './subjects.js';
import { strikesAt } from './where.js';

const NAMES = ['alex', 'kim', 'robin', 'sam'] as const;
const HOUR = 3_600_000;

export type PeopleParts = {
  readonly trouble: NonNullable<Trouble['people']>;
  readonly partition: string;
  readonly clock: VirtualClock;
  readonly draws: Identifiers;
  readonly reach: Reach;
  readonly record: (call: LoggedCall) => void;
  readonly tell: (deed: Deed) => void;
  /** False once there is to be no more trouble. */
  readonly isOn: () => boolean;
};

/** People who change things without asking: one deed in each slot of time, at a moment in it that the seed decides. */
export class People implements Visitor {
  readonly #beginning: number;
  readonly #slot: number;
  readonly #most: number;
  #done = 0;

  constructor(private readonly parts: PeopleParts) {
    const { trouble, clock } = parts;
    this.#beginning = clock.now().getTime();
    this.#slot = HOUR / (typeof trouble === 'number' ? trouble : trouble.rate);
    this.#most = (typeof trouble === 'number' ? undefined : trouble.most) ?? Number.POSITIVE_INFINITY;
  }

  next(after: number): number | null {
    if (!this.parts.isOn() || !Number.isFinite(this.#slot) || this.#done >= this.#most) return null;
    const number = Math.max(0, this.#numberAt(after));
    const moment = this.#momentOf(number);
    return moment > after ? moment : this.#momentOf(number + 1);
  }

  visit(moment: number): void {
    const { draws, trouble } = this.parts;
    const number = this.#numberAt(moment);
    const first = draws.between(0, ACTS.length - 1, `act ${number}`);
    // What nobody can do today, because there is nothing to do it to, gives way to the next.
    for (const act of [...ACTS.slice(first), ...ACTS.slice(0, first), ...RARE_ACTS]) {
      const subjects = act
        .subjects(this.parts.reach)
        .filter(({ account, region }) => strikesAt(trouble, { operation: act.operation, account, region }))
        .sort((left, right) => (left.key < right.key ? -1 : 1));
      if (subjects.length === 0) continue;
      this.#carryOut(act, subjects[draws.between(0, subjects.length - 1, `subject ${number}`)]!, number);
      return;
    }
  }

  #carryOut(act: Act, subject: Subject, number: number): void {
    this.#done += 1;
    const { draws, partition, clock, tell, record, reach } = this.parts;
    const person = NAMES[draws.between(0, NAMES.length - 1, `person ${number}`)]!;
    const { account, region, name } = subject;
    const [service = '', operation = ''] = act.operation.split(':');
    const principal: Principal = {
      accountId: account,
      arn: `arn:${partition}:sts::${account}:assumed-role/Person/${person}`,
      userId: `AROAPERSON:${person}`,
    };
    const call: Call = { service: 'cloudformation', operation, region, principal, requestId: draws.uuid() };
    const at = clock.now();
    const over = (outcome: string): void => {
      if (service === 'cloudformation') record({ ...call, at, outcome, struck: null });
      tell({ at, person, account, region, operation: act.operation, subject: name, outcome });
    };
    attempt(
      () => act.carryOut(reach, subject, call, (least, most) => draws.between(least, most, `what ${number}`)),
      over,
    );
  }

  #numberAt(moment: number): number {
    return Math.floor((moment - this.#beginning) / this.#slot);
  }

  #momentOf(number: number): number {
    const within = this.parts.draws.between(1, 999_999, `moment ${number}`) / 1_000_000;
    return Math.round(this.#beginning + (number + within) * this.#slot);
  }
}

/** AWS may refuse people too, at once or a turn later. */
function attempt(act: () => unknown, over: (outcome: string) => void): void {
  const refused = (error: unknown): void => over(error instanceof AwsError ? error.code : 'InternalFailure');
  try {
    const answer = act();
    if (answer instanceof Promise) void answer.then(() => over('ok'), refused);
    else over('ok');
  } catch (error) {
    refused(error);
  }
}
