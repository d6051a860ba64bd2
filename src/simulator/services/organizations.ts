import type { Call, Handler, Service } from '../kernel/contract.js';
import { demand } from '../organizations/access.js';
import { AccountCreations } from '../organizations/account-creation.js';
import type { Organizations, OrganizationsParts } from '../organizations/context.js';
import { accountOperations } from '../organizations/account-operations.js';
import { departureOperations } from '../organizations/departure-operations.js';
import { OrganizationIds } from '../organizations/identity.js';
import { organizationOperations } from '../organizations/organization-operations.js';
import { trustOperations } from '../organizations/trust-operations.js';
import { unitOperations } from '../organizations/unit-operations.js';

/** AWS Organizations over one tree. */
export function organizationsService(parts: OrganizationsParts): Service {
  const ids = new OrganizationIds(parts.identifiers);
  const context: Organizations = { ...parts, ids, creations: new AccountCreations({ ...parts, ids }) };
  const guarded = {
    ...organizationOperations(context),
    ...accountOperations(context),
    ...departureOperations(context),
    ...unitOperations(context),
    ...trustOperations(context),
  };
  const operations = Object.entries(guarded).map(([name, { audience, handler }]): [string, Handler] => [
    name,
    (input: unknown, call: Call) => {
      if (audience !== 'anybody') demand(audience, parts.tree, call);
      return handler(input, call);
    },
  ]);
  return { id: 'organizations', operations: Object.fromEntries(operations) };
}
