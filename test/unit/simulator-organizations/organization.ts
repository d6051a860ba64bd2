import { OrganizationsClient } from '@aws-sdk/client-organizations';
import type { SimulatorOptions } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

export const MANAGEMENT = '100000000001';
export const CONTROLLER = '100000000004';
export const MEMBER = '100000000011';

/** A simulator, and Organizations as any of its accounts. */
export function organizationWorld(options: SimulatorOptions = {}) {
  const simulator = createSimulator({ organization: 'demo', ...options });
  const as = (account: string) =>
    new OrganizationsClient({
      region: 'us-east-1',
      credentials: simulator.credentials(account),
      requestHandler: simulator.requestHandler,
      maxAttempts: 1,
    });
  return { simulator, as, clock: simulator.world.clock, organization: simulator.world.organization };
}
