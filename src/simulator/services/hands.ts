import type { Hand, Hands, Person, ResourcePlace } from '../kernel/hands.js';
import type { Sessions } from '../kernel/sessions.js';
import { invalid } from '../templates/refusal.js';
import type { JsonObject } from '../templates/json.js';
import type { StackDesk } from './cloudformation/service.js';

/** Seconds of a day's work. */
const SHIFT = 12 * 3600;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** What stories let people do. */
export function createHands(stacks: StackDesk, sessions: Sessions): Hands {
  const handOf = (person: Person, event: string | undefined): Hand => ({
    principal: 'user' in person ? sessions.user(person.accountId, person.user) : sessions.actor(person),
    userAgent: BROWSER,
    ...(event === undefined ? {} : { event }),
  });
  const touch = (place: ResourcePlace, properties: JsonObject | null, person: Person, event?: string): void => {
    const { accountId, region } = place;
    const path = place.resource.split('.');
    const logicalId = path.pop()!;
    const stackId = path.reduce(
      (parent, child) => nestedStack(stacks, { ...place, stack: parent }, child),
      place.stack,
    );
    stacks.changeResource(accountId, region, stackId, logicalId, properties, handOf(person, event));
  };
  return {
    signIn: (person) => {
      if ('user' in person) return sessions.issueKey(person.accountId, person.user);
      const { accountId, role, session: sessionName } = person;
      const { credentials } = sessions.issue({ accountId, role, sessionName, seconds: SHIFT });
      const { accessKeyId, secretAccessKey, sessionToken } = credentials;
      return { accessKeyId, secretAccessKey, sessionToken };
    },
    change: (place, properties, by, event) => touch(place, properties as JsonObject, by, event),
    remove: (place, by, event) => touch(place, null, by, event),
    instanceStack: (stackSet, accountId, region) =>
      stacks
        .standing()
        .find(
          (stack) =>
            stack.accountId === accountId && stack.region === region && stack.name.startsWith(`StackSet-${stackSet}-`),
        )?.stackId,
  };
}

function nestedStack(stacks: StackDesk, { accountId, region, stack }: ResourcePlace, child: string): string {
  const id = stacks.physicalId(accountId, region, stack, child);
  if (id?.includes(':stack/') === true) return id;
  throw invalid(`Resource ${child} of stack ${stack} is no nested stack`);
}
