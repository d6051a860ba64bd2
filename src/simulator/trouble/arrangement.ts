import type { AttendedClock } from '../kernel/attended-clock.js';
import type { LoggedCall, Service, ServiceId, World } from '../kernel/contract.js';
import { SeededIdentifiers } from '../kernel/seeded-identifiers.js';
import { TROUBLES, type Deed, type Trouble, type TroubleName } from '../kernel/trouble.js';
import type { StackDesk } from '../services/cloudformation/engine.js';
import { ChangeTimes } from './change-times.js';
import { detectionDraw } from './detections.js';
import { checkOperations } from './known-operations.js';
import { withLateListings } from './late-listings.js';
import { People } from './people.js';
import { checkedTrouble } from './reading.js';
import { SeededStrikes } from './strikes.js';

export type Scene = {
  readonly seed: number;
  readonly clock: AttendedClock;
  readonly world: World;
  readonly stacks: StackDesk;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly record: (call: LoggedCall) => void;
  readonly tell: (deed: Deed) => void;
};

export type Arrangement = {
  readonly strikes: Pick<SeededStrikes, 'striking'>;
  /** As those see them who call. */
  readonly services: ReadonlyMap<ServiceId, Service>;
  calm(): void;
};

/** Lets trouble into a simulator. Throws an Error that says what is wrong with what was asked for. */
export function arrangeTrouble(asked: Trouble | TroubleName, scene: Scene): Arrangement {
  const trouble = typeof asked === 'string' ? TROUBLES[asked] : checkedTrouble(asked);
  const { seed, clock, world, services } = scene;
  checkOperations(trouble, services.values());
  const { partition, organization } = world;
  const draws = new SeededIdentifiers(seed, 'trouble');
  let on = true;
  const isOn = () => on;
  const strikes = new SeededStrikes(trouble, partition, draws);
  if (trouble.people !== undefined) {
    const cloudFormation = services.get('cloudformation')?.operations ?? {};
    const reach = { stacks: scene.stacks, organization, cloudFormation };
    const { record, tell } = scene;
    clock.attend(new People({ trouble: trouble.people, partition, clock, draws, reach, record, tell, isOn }));
  }
  if (trouble.detections !== undefined)
    scene.stacks.disturbDetections(detectionDraw(trouble.detections, trouble.mostInARow, draws, isOn));
  return {
    strikes: { striking: (call, input) => (on ? strikes.striking(call, input) : undefined) },
    services:
      trouble.lateListings === undefined
        ? services
        : withLateListings(services, {
            trouble: trouble.lateListings,
            clock,
            draws,
            times: new ChangeTimes(clock, organization),
            isOn,
          }),
    calm: () => {
      on = false;
    },
  };
}
