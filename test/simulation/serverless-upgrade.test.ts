import { afterEach, expect, it } from 'vitest';
import { accountId, createWorld, stackManifest, type World } from '../support/world.js';

let world: World;
afterEach(() => world.close());

const template = (more: string): string => `Transform: AWS::Serverless-2016-10-31
Resources:
  Clean:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: 's3://code/clean.zip', Handler: clean.handler, ${more} }
`;

it('a serverless function is replaced by a new name, and by nothing that Lambda updates in place', async () => {
  const spec = `acknowledge: [CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]
targets: [{ accounts: ['${accountId(1)}'], regions: [us-east-1] }]`;
  world = await createWorld({
    files: { 'templates/queue.yaml': template('Runtime: nodejs20.x'), 'clean.yaml': stackManifest('clean', spec) },
  });
  await world.reconcile();

  await world.write({ 'templates/queue.yaml': template('Runtime: nodejs22.x, Timeout: 900') });
  const upgrade = await world.reconcile();
  expect(upgrade.planned.plan?.changes).toMatchObject([{ action: 'update', replaces: [] }]);
  expect(upgrade.exitCode).toBe(0);

  await world.write({ 'templates/queue.yaml': template('Runtime: nodejs22.x, Timeout: 900, FunctionName: cleaner') });
  const renamed = await world.reconcile();
  expect(renamed.planned.plan?.changes).toMatchObject([{ action: 'update', replaces: ['Clean'] }]);
  expect(renamed.exitCode).toBe(0);
});
