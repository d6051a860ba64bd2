import { UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { openBlobBucket } from '../../src/ledger/blob-bucket.js';
import { createLedger } from '../../src/ledger/dynamodb-ledger.js';
import type { Address } from '../../src/model/address.js';
import type { HistoryEvent } from '../../src/model/recorded.js';
import { EXIT } from '../../src/reconciler/outcome.js';
import { createTroubled, life } from './trouble.js';
import type { Troubled } from './trouble.js';
import { accountId, CONTROLLER, HUB, smallOrganization } from './world.js';

/** A Controller that checks every stack once a day. */
export const DAILY = `${CONTROLLER}  schedule: { drift: rate(1 day) }\n`;
export const A1 = accountId(1);
export const A2 = accountId(2);
export const QUARTER = 15 * 60;
export const AT: Address = `Stack/janitor@${A1}/us-east-1`;
export const J_DOE = { accountId: A1, role: 'AdministratorAccess', session: 'j.doe' };
export const REVERT = 'drift: { respond: revert }';

/** The world that `open` made last. */
export let world: Troubled;

export async function open(options: Parameters<typeof createTroubled>[0]): Promise<void> {
  world = await createTroubled(options);
}

/** A queue and a topic that depend on nothing. */
export const template = (seconds = 30): string => `Parameters:
  Delay: { Type: Number, Default: 0 }
  Spare: { Type: String, Default: janitor }
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: ${seconds}, DelaySeconds: !Ref Delay }
  Topic:
    Type: AWS::SNS::Topic
    Properties: { DisplayName: !Ref Spare }
`;

/** Targets of a manifest. */
export const at = (...accounts: string[]): string =>
  `targets: [{ accounts: [${accounts.map((id) => `"${id}"`).join(', ')}], regions: [us-east-1] }]`;

/** Opens a world with a daily schedule for drift, deploys what the files say, and takes in the first detection. */
export async function story(files: Readonly<Record<string, string>>): Promise<void> {
  await open({
    organization: smallOrganization(4),
    files: { 'controller.yaml': DAILY, 'templates/queue.yaml': template(), ...files },
  });
  expect(await world.run()).toMatchObject({ exitCode: EXIT.done });
  await pass();
}

/** Lets time go by, and reconciles once. */
export async function pass(seconds = QUARTER) {
  world.pass(seconds);
  return world.run();
}

export const watch = () => ({ signal: new AbortController().signal, progress: () => undefined });

/** Has everything looked at, and waits for how it ends. */
export async function detect(): Promise<void> {
  await (await world.controller()).detectDrift({ type: 'all' }, { wait: true }, watch());
}

export async function history(address: Address = AT): Promise<readonly HistoryEvent[]> {
  return (await (await world.controller()).history(address)).toReversed();
}

/** What was told of drift at an address, oldest first: `appeared resource:Queue`. */
export const told = async (address: Address = AT): Promise<readonly string[]> =>
  (await history(address)).flatMap(({ event, finding }) =>
    finding === undefined ? [] : [`${event} ${finding.layer}:${finding.subject}`],
  );

export async function entry(address: Address = AT) {
  return (await world.entries()).find((each) => each.address === address)!;
}

const place = (resource: string, account = A1, stack = 'evenkeel-janitor') => ({
  accountId: account,
  region: 'us-east-1',
  stack,
  resource,
});
/** Somebody changes a resource of janitor in the first account. */
export const tamper = (resource: string, properties: Readonly<Record<string, unknown>>): void =>
  world.simulator.hands.change(place(resource), properties, J_DOE);

export const tags = (address: string, more: Readonly<Record<string, string>> = {}) =>
  Object.entries({ 'evenkeel:installation': 'evenkeel', 'evenkeel:address': address, ...more }).map(([Key, Value]) => ({
    Key,
    Value,
  }));

const clientOf = () => ({
  region: 'us-east-1',
  credentials: world.simulator.credentials(HUB),
  requestHandler: world.simulator.requestHandler,
});
/** The ledger of the world, past any controller. */
export const ledger = () =>
  createLedger({
    client: new DynamoDBClient(clientOf()),
    table: 'evenkeel',
    installation: 'evenkeel',
    blobs: openBlobBucket(new S3Client(clientOf()), () => Promise.resolve(`evenkeel-artifacts-${HUB}-us-east-1`)),
  });

type ByHand = { account: string; stack: string; address: string; more: Readonly<Record<string, string>> };

/** Somebody updates a stack through CloudFormation. */
export async function updateByHand(
  parameters: Readonly<Record<string, string>>,
  { account = A1, stack = 'evenkeel-janitor', address = 'Stack/janitor', more = {} }: Partial<ByHand> = {},
): Promise<void> {
  await world.by(account).send(
    new UpdateStackCommand({
      StackName: stack,
      UsePreviousTemplate: true,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Tags: tags(address, more),
    }),
  );
  world.pass(700);
}

/** What a resource really is. */
export function standing(resource: string, account = A1, name = 'evenkeel-janitor') {
  const stack = world.simulator.stacks.standing().find((each) => each.name === name && each.accountId === account)!;
  return world.simulator.stacks.resources(account, 'us-east-1', stack.stackId).get(resource);
}

/** Once CloudTrail has been asked for an hour: no entry is written, nothing is done, and nobody is asked who it was. */
export async function isQuiet(): Promise<void> {
  for (let count = 0; count < 5; count += 1) await pass();
  const before = await world.entries();
  for (let count = 0; count < 3; count += 1) {
    world.pass(QUARTER);
    world.simulator.calls.reset();
    const being = life(world);
    await world.run(being);
    // Checks that are due in the meantime are begun, and their book is written.
    expect(being.effects.filter((effect) => effect !== 'dynamodb:PutItem')).toEqual([]);
    expect(world.simulator.calls.entries().filter(({ operation }) => operation === 'LookupEvents')).toEqual([]);
  }
  expect(await world.entries()).toEqual(before);
}
