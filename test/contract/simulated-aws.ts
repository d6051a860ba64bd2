import { createSimulator } from '../../src/simulator/simulator.js';
import { clientsOf } from './clients.js';
import type { SimulatedAws } from './specification.js';

const MANAGEMENT = '111111111111';
const MEMBERS = ['222222222222', '333333333333'] as const;

/** A fresh organization in the simulator, where time passes only while somebody waits for something. */
export function createSimulatedAws(): SimulatedAws & { close(): Promise<void> } {
  const simulator = createSimulator({
    organization: {
      managementAccount: { id: MANAGEMENT, name: 'management' },
      units: [{ path: '/Workloads' }],
      accounts: MEMBERS.map((id, index) => ({ id, name: `member-${index + 1}`, unit: '/Workloads' })),
      trustedServices: ['member.org.stacksets.cloudformation.amazonaws.com'],
    },
  });
  const clients = clientsOf(
    {
      settings: { requestHandler: simulator.requestHandler },
      credentials: async (account) => simulator.credentials(account),
    },
    MANAGEMENT,
    MEMBERS[0],
  );
  let names = 0;
  return {
    ...clients,
    simulator,
    management: MANAGEMENT,
    members: MEMBERS,
    unique: (stem) => `${stem}-${String.fromCharCode(97 + (names++ % 26))}${names}`,
    async until(ask, wanted) {
      for (;;) {
        const answer = await ask();
        if (wanted(answer)) return answer;
        if (!simulator.world.clock.advanceToNext())
          throw new Error(`nothing is under way any more, and the answer is ${JSON.stringify(answer)}`);
      }
    },
    async close() {
      clients.destroy();
      await simulator.close();
    },
  };
}
