import { CloudFormationClient, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { accountId, createWorld, queueTemplate, stackManifest } from '../../support/world.js';

const ACCOUNT = accountId(1);

test('what is nested in a stack is recorded with it: unchanged it costs nothing, and a change past it is one call', async () => {
  const world = await createWorld({
    files: {
      'templates/queue.yaml': `Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: https://nested.s3.us-east-1.amazonaws.com/inner.yaml }
`,
      'queue.yaml': stackManifest(
        'queue',
        `acknowledge: [CAPABILITY_AUTO_EXPAND]\ntargets: [{ accounts: ["${ACCOUNT}"], regions: [us-east-1] }]`,
      ),
    },
  });
  world.simulator.world.objects.put('nested', 'inner.yaml', Buffer.from(queueTemplate()), 'us-east-1');
  expect((await world.reconcile()).exitCode).toBe(0);
  world.simulator.calls.reset();
  await world.plan();
  expect(world.calls('cloudformation:GetTemplate')).toBe(0);

  const nested = world.simulator.stacks.standing().find((stack) => stack.nested)!;
  const person = new CloudFormationClient({
    region: 'us-east-1',
    requestHandler: world.simulator.requestHandler,
    credentials: world.simulator.credentials(ACCOUNT),
  });
  await person.send(new UpdateStackCommand({ StackName: nested.name, TemplateBody: queueTemplate(99) }));
  world.simulator.world.clock.advance(3_600);
  await world.plan();
  expect(world.calls('cloudformation:GetTemplate')).toBe(1);
  await world.close();
});
