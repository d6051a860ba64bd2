import { it } from 'vitest';
import { createTroubled } from '../support/trouble.js';
import { smallOrganization, stackManifest, accountId } from '../support/world.js';
const queue = (name: string, fail: string[] = [], seconds = 30): string => `Resources:
  Queue:
    Type: AWS::SQS::Queue
    Metadata: { Simulator: { Fail: [${fail.join(', ')}] } }
    Properties: { QueueName: ${name}, VisibilityTimeout: ${seconds} }
`;
it('x', async () => {
  const world = await createTroubled({ organization: smallOrganization(3), files: { 'templates/queue.yaml': queue('q', ['create']), 'queue.yaml': stackManifest('queue', 'targets: [{ accounts: [a1], regions: [us-east-1] }]') } });
  for (let i = 0; i < 3; i++) {
    const r = await world.run();
    console.log(JSON.stringify({ c: r.planned.plan?.changes.map((c) => [c.action, c.reason, c.fields]), run: r.run?.changes }), await world.everCalled(accountId(1), /queue/));
    world.pass(25 * 3600);
  }
});
