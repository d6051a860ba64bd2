import type { Principal } from '../../kernel/contract.js';
import type { Hand } from '../../kernel/hands.js';
import type { Sessions } from '../../kernel/sessions.js';
import { attributeValue } from '../../templates/resource-attributes.js';
import { subjectOf, type Witness } from '../cloudformation/environment.js';
import type { LiveResource, Stack } from '../cloudformation/stack.js';
import { recordHand, recordServiceCall, type Order, type TouchedResource } from './resource-events.js';
import type { Doing } from './service-events.js';
import type { Trail } from './trail.js';

/** Sees what is done to the resources of stacks, and writes it down. */
export class TrailWitness implements Witness {
  /** On whose word each stack was changed last. */
  readonly #orders = new Map<string, Order>();

  constructor(
    private readonly trail: Trail,
    private readonly sessions: Sessions,
  ) {}

  ordered(stackId: string, { principal, accessKeyId }: Order): void {
    this.#orders.set(stackId, { principal, accessKeyId });
  }

  serviceCall(stack: Stack, resource: LiveResource, doing: Doing): void {
    recordServiceCall(this.trail, touched(stack, resource, null), doing, this.#orderOf(stack));
  }

  hand(stack: Stack, resource: LiveResource, properties: readonly string[] | null, by: Hand | undefined): void {
    const { accountId } = stack.place;
    const arn = attributeValue(subjectOf(stack, resource), 'Arn');
    recordHand(this.trail, touched(stack, resource, typeof arn === 'string' ? arn : null), {
      doing: properties === null ? 'delete' : 'update',
      properties: properties ?? [],
      principal: by?.principal ?? this.sessions.actor({ accountId, role: 'AdministratorAccess', session: 'somebody' }),
      userAgent: by?.userAgent ?? 'aws-cli/2.31.0',
      event: by?.event,
    });
  }

  /** CloudFormation works in the stack's own role, or with what it was handed on by who asked. */
  #orderOf({ id, parent, roleArn, place }: Stack): Order {
    const role = roleArn?.split('/').at(-1);
    const { accountId } = place;
    if (role !== undefined) return { principal: this.#service(accountId, role), accessKeyId: '' };
    return (
      this.#orders.get(parent?.rootId ?? id) ?? {
        principal: this.#service(accountId, 'AWSCloudFormationStackSetExecutionRole'),
        accessKeyId: '',
      }
    );
  }

  #service(accountId: string, role: string): Principal {
    return this.sessions.actor({ accountId, role, session: 'AWSCloudFormation' });
  }
}

function touched({ place }: Stack, { type, physicalId }: LiveResource, arn: string | null): TouchedResource {
  return { type, physicalId, arn, place };
}
