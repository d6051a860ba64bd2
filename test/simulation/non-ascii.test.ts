import { afterEach, expect, it } from 'vitest';
import { CloudFormationClient, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { EXIT } from '../../src/reconciler/outcome.js';
import { accountId, createWorld, queueTemplate, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const HERE = `targets: [{ accounts: ["${accountId(1)}"], regions: [us-east-1] }]`;
const described = (description: string, seconds = 30) => `Description: ${description}\n${queueTemplate(seconds)}`;

it('a template that GetTemplate cannot answer as it was given is settled after one reconcile, and quiet after the second', async () => {
  world = await createWorld({
    files: {
      'templates/queue.yaml': described('queues — of the team 🚀'),
      'queue.yaml': stackManifest('queue', HERE),
    },
  });
  expect((await world.reconcile()).exitCode).toBe(EXIT.done);
  const { TemplateBody } = await new CloudFormationClient({
    region: 'us-east-1',
    credentials: world.simulator.credentials(accountId(1)),
    requestHandler: world.simulator.requestHandler,
  }).send(new GetTemplateCommand({ StackName: 'evenkeel-queue' }));
  expect(TemplateBody).toContain('queues ? of the team ?\n');

  expect(await world.reconcile()).toMatchObject({ exitCode: EXIT.done, run: null });
  expect((await world.plan()).plan).toMatchObject({ changes: [], drift: [], unchanged: 1 });

  await world.write({ 'templates/queue.yaml': described('queues — of the team 🚀', 60) });
  expect((await world.reconcile()).run?.changes.map(({ result }) => result)).toEqual(['done']);
  expect((await world.plan()).plan).toMatchObject({ changes: [], drift: [], unchanged: 1 });
});
