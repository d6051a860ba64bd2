import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import type { Event } from '@aws-sdk/client-cloudtrail';
import { HttpResponse } from '@smithy/core/protocols';
import { afterEach, describe, expect, test } from 'vitest';
import { createAws } from '../../../src/aws/clients.js';
import { actorOf } from '../../../src/drivers/trail-event.js';
import { createTrail } from '../../../src/drivers/trail.js';
import type { Partition, Region } from '../../../src/model/identifiers.js';
import type { Clock } from '../../../src/reconciler/ports.js';
import { controller, createDrivenWorld, EAST, ONE, SIGNAL, TWO, WEST } from './driven-world.js';
import type { DrivenWorld } from './driven-world.js';

const OURS = new Set(['evenkeel-plan', 'evenkeel-apply', 'evenkeel-cloudformation']);
const AT = '2030-01-01T12:00:00.000Z';

type Record = { readonly [name: string]: unknown };
const record = (over: Record = {}): Record => ({
  eventVersion: '1.08',
  userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ONE}:user/diego`, accountId: ONE },
  eventTime: '2030-01-01T11:00:00Z',
  eventSource: 'sqs.amazonaws.com',
  eventName: 'SetQueueAttributes',
  sourceIPAddress: '192.0.2.0',
  eventID: 'event-1',
  readOnly: false,
  eventType: 'AwsApiCall',
  ...over,
});
const event = (over: Record = {}): Event => ({ CloudTrailEvent: JSON.stringify(record(over)) });

const session = (role: string, name: string, over: Record = {}): Record => ({
  userIdentity: { type: 'AssumedRole', arn: `arn:aws:sts::${ONE}:assumed-role/${role}/${name}`, ...over },
});

describe('an event', () => {
  test('names who did what, when and from where', () => {
    expect(actorOf(event(), OURS)).toEqual({
      principal: `arn:aws:iam::${ONE}:user/diego`,
      event: 'sqs.amazonaws.com:SetQueueAttributes',
      at: '2030-01-01T11:00:00.000Z',
      sourceIpAddress: '192.0.2.0',
      eventId: 'event-1',
    });
    expect(actorOf(event(session('Admin', 'jane')), OURS)?.principal).toContain('assumed-role/Admin/jane');
  });

  test.each([
    ['only read', { readOnly: true }],
    [
      'only read, by its name, in a record that does not say so',
      { readOnly: undefined, eventName: 'GetQueueAttributes' },
    ],
    ['was refused', { errorCode: 'AccessDenied' }],
    ['is the work of our own role', session('evenkeel-apply', 'whatever')],
    ['is the work of a run of ours', session('another-name', 'run-20300101T000000Z-0a1b2c3d')],
    ["is CloudFormation's, with our role", session('evenkeel-cloudformation', 'AWSCloudFormation')],
    [
      "is CloudFormation's, on somebody's behalf",
      session('Admin', 'jane', { invokedBy: 'cloudformation.amazonaws.com' }),
    ],
    [
      'is a service at work by itself',
      { eventType: 'AwsServiceEvent', userIdentity: { invokedBy: 'sqs.amazonaws.com' } },
    ],
    ['is a service with an identity', { userIdentity: { type: 'AWSService', arn: 'arn:aws:x', invokedBy: 'x' } }],
    ['has nobody', { userIdentity: null }],
    ['has no time', { eventTime: 'yesterday' }],
  ])('that %s names nobody', (_, over) => {
    expect(actorOf(event(over), OURS)).toBeNull();
  });

  test.each([
    [undefined],
    [''],
    ['{'],
    ['[]'],
    ['null'],
    ['"text"'],
    ['{"userIdentity":[]}'],
    ['{"userIdentity":{"arn":7}}'],
  ])('whose record is %s names nobody', (CloudTrailEvent) => {
    expect(actorOf(CloudTrailEvent === undefined ? {} : { CloudTrailEvent }, OURS)).toBeNull();
  });

  test('whose record leaves out what the listing says is read from the listing', () => {
    const unsaid = { eventName: undefined, eventSource: undefined, eventTime: undefined, eventID: undefined };
    const sparse: Event = {
      CloudTrailEvent: JSON.stringify(record(unsaid)),
      EventName: 'SetQueueAttributes',
      EventSource: 'sqs.amazonaws.com',
      EventTime: new Date(AT),
      EventId: 'event-2',
    };
    expect(actorOf(sparse, OURS)).toMatchObject({
      event: 'sqs.amazonaws.com:SetQueueAttributes',
      at: AT,
      eventId: 'event-2',
    });
  });

  const folder = fileURLToPath(new URL('../../../../shared/events', import.meta.url));
  const files = (() => {
    try {
      return readdirSync(folder).filter((name) => name.startsWith('organizations-'));
    } catch {
      return [];
    }
  })();
  test.skipIf(files.length === 0).each(files.map((name) => [name]))('of AWS, %s, names a person or nobody', (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const body = JSON.parse(text) as { detail?: object; errorCode?: string; eventType?: string };
    const told = actorOf({ CloudTrailEvent: JSON.stringify(body.detail ?? body) }, OURS);
    const { errorCode, eventType } = (body.detail ?? body) as typeof body;
    if (errorCode !== undefined || eventType === 'AwsServiceEvent') expect(told).toBeNull();
    else expect(told?.principal).toMatch(/^arn:aws:/);
  });
});

type Sent = { readonly region: string; readonly body: { readonly [name: string]: any }; readonly at: number };

/** CloudTrail's side of the wire, JSON 1.1; STS answers every AssumeRole. */
function scripted(answers: readonly (readonly [status: number, body: object])[], partition: Partition = 'aws') {
  const sent: Sent[] = [];
  let time = Date.parse(AT);
  const clock: Clock = {
    now: () => new Date(time),
    sleep: (milliseconds) => {
      time += milliseconds;
      return Promise.resolve();
    },
  };
  const requestHandler = {
    handle(request: { hostname: string; headers: { [name: string]: string }; body: unknown }) {
      const text =
        typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body as Uint8Array);
      if (request.hostname.startsWith('sts')) {
        const [, account, role] = /arn%3A[^%]+%3Aiam%3A%3A(\d+)%3Arole%2F([\w-]+)/.exec(text)!;
        return Promise.resolve({ response: reply(200, assumed(account!, role!), 'text/xml') });
      }
      expect(request.headers['x-amz-target']).toMatch(/LookupEvents$/);
      const answer = answers[Math.min(sent.length, answers.length - 1)]!;
      const region = /cloudtrail\.([a-z0-9-]+)\./.exec(request.hostname)![1]!;
      sent.push({ region, body: JSON.parse(text) as Sent['body'], at: time });
      return Promise.resolve({ response: reply(answer[0], JSON.stringify(answer[1]), 'application/x-amz-json-1.1') });
    },
  };
  const aws = createAws({
    partition,
    homeRegion: EAST,
    roles: controller.roles,
    clock,
    requestHandler,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  return { trail: createTrail({ aws, clock, roles: controller.roles }), sent };
}

const reply = (statusCode: number, body: string, type: string) =>
  new HttpResponse({ statusCode, headers: { 'content-type': type }, body: Buffer.from(body) });

const assumed = (account: string, role: string) =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>k</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2031-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::${account}:assumed-role/${role}/s</Arn><AssumedRoleId>i:s</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`;

const question = (over: object = {}) => ({
  target: { account: ONE, region: EAST },
  name: 'queue-1',
  after: '2030-01-01T10:00:00.000Z',
  before: AT,
  ...over,
});
const page = (events: readonly Event[], NextToken?: string): readonly [number, object] => [
  200,
  { Events: events, NextToken },
];
const reading = event({ readOnly: true });

describe('who did it', () => {
  test('is the newest that changed something, on the second page at the latest', async () => {
    const { trail, sent } = scripted([
      page([reading], 'more'),
      page([reading, event(), event({ eventID: 'older' })], 'more'),
    ]);
    expect(await trail.who(question(), SIGNAL)).toMatchObject({ eventId: 'event-1' });
    expect(sent.map(({ body }) => body)).toEqual([
      {
        LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: 'queue-1' }],
        MaxResults: 50,
        StartTime: Date.parse('2030-01-01T10:00:00Z') / 1000,
        EndTime: Date.parse(AT) / 1000,
      },
      expect.objectContaining({ NextToken: 'more' }),
    ]);
  });

  test('is nobody where two pages only read', async () => {
    const { trail, sent } = scripted([page([reading], 'more')]);
    expect(await trail.who(question(), SIGNAL)).toBeNull();
    expect(sent).toHaveLength(2);
  });

  test('is looked for in 90 days where nobody knows since when, and never in a time that is none', async () => {
    const { trail, sent } = scripted([page([])]);
    await trail.who(question({ after: null }), SIGNAL);
    await trail.who(question({ after: '2020-01-01T00:00:00.000Z' }), SIGNAL);
    expect(sent.map(({ body }) => body['EndTime'] - body['StartTime'])).toEqual([7_776_000, 7_776_000]);
    expect(await trail.who(question({ after: '2031-01-01T00:00:00.000Z' }), SIGNAL)).toBeNull();
    expect(await trail.who(question({ before: 'soon' }), SIGNAL)).toBeNull();
    expect(sent).toHaveLength(2);
  });

  test('is asked where global services keep their events', async () => {
    const { trail, sent } = scripted([page([])]);
    const west = { account: ONE, region: WEST };
    await trail.who(question({ target: west, resourceType: 'AWS::IAM::Role' }), SIGNAL);
    await trail.who(question({ target: west, resourceType: 'AWS::SQS::Queue' }), SIGNAL);
    await trail.who(question({ target: west }), SIGNAL);
    expect(sent.map(({ region }) => region)).toEqual(['us-east-1', 'us-west-2', 'us-west-2']);
    const gov = scripted([page([])], 'aws-us-gov');
    await gov.trail.who(
      question({ target: { account: ONE, region: 'us-gov-east-1' as Region }, resourceType: 'AWS::IAM::Role' }),
      SIGNAL,
    );
    expect(gov.sent.map(({ region }) => region)).toEqual(['us-gov-west-1']);
  });

  test('is asked twice a second in each account and Region, by the clock', async () => {
    const { trail, sent } = scripted([page([])]);
    for (let asked = 0; asked < 12; asked += 1) await trail.who(question(), SIGNAL);
    expect(sent.at(-1)!.at - sent[0]!.at).toBe(5_000);
    const before = sent.at(-1)!.at;
    await trail.who(question({ target: { account: TWO, region: EAST } }), SIGNAL);
    expect(sent.at(-1)!.at).toBe(before);
  });

  test('may not be read: nobody is named, and the account is not asked again', async () => {
    const { trail, sent } = scripted([[400, { __type: 'AccessDeniedException', message: 'not authorized' }]]);
    expect(await trail.who(question(), SIGNAL)).toBeNull();
    expect(await trail.who(question({ target: { account: ONE, region: WEST } }), SIGNAL)).toBeNull();
    expect(sent).toHaveLength(1);
    await trail.who(question({ target: { account: TWO, region: EAST } }), SIGNAL);
    expect(sent).toHaveLength(2);
  });

  test('is not known where a Region is denied, and that Region alone is left alone', async () => {
    const denied = 'not authorized with an explicit deny in a service control policy';
    const { trail, sent } = scripted([[400, { __type: 'AccessDeniedException', message: denied }], page([event()])]);
    expect(await trail.who(question(), SIGNAL)).toBeNull();
    expect(await trail.who(question(), SIGNAL)).toBeNull();
    expect(sent).toHaveLength(1);
    expect(await trail.who(question({ target: { account: ONE, region: WEST } }), SIGNAL)).not.toBeNull();
  });

  test('is asked again later where CloudTrail only had a bad day', async () => {
    const { trail } = scripted([[400, { __type: 'InvalidTimeRangeException', message: 'no' }], page([event()])]);
    expect(await trail.who(question(), SIGNAL)).toBeNull();
    expect(await trail.who(question(), SIGNAL)).not.toBeNull();
  });
});

describe('in the simulator', () => {
  let world: DrivenWorld;
  afterEach(() => world.simulator.close());

  test('who changed a queue by hand is named, and neither CloudFormation nor we are', async () => {
    world = createDrivenWorld();
    const { simulator, clock } = world;
    const client = new CloudFormationClient({
      region: EAST,
      requestHandler: simulator.requestHandler,
      credentials: simulator.credentials(ONE),
    });
    const template = JSON.stringify({
      Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 1 } } },
    });
    const { StackId } = await client.send(new CreateStackCommand({ StackName: 'queue', TemplateBody: template }));
    simulator.world.clock.advance(3_600);
    const name = simulator.stacks.physicalId(ONE, EAST, StackId!, 'Queue')!;
    const trail = createTrail({ aws: world.aws, clock, roles: controller.roles });
    const ask = () =>
      trail.who(
        {
          target: { account: ONE, region: EAST },
          name,
          resourceType: 'AWS::SQS::Queue',
          after: null,
          before: clock.now().toISOString(),
        },
        SIGNAL,
      );
    expect(await ask()).toBeNull();
    simulator.stacks.changeResource(ONE, EAST, StackId!, 'Queue', { DelaySeconds: 9 });
    simulator.world.clock.advance(3_600);
    expect(await ask()).toMatchObject({
      principal: expect.stringContaining(ONE),
      event: 'sqs.amazonaws.com:SetQueueAttributes',
    });
  });
});
