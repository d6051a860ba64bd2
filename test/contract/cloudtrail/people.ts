import { CloudFormationClient, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, document, type Chapter, type SimulatedAws } from '../specification.js';
import { desk } from '../stack-sets/desk.js';
import { trust } from '../stack-sets/organization.js';
import { by, later, lookup, namesOf, PERSON, queueTemplate, recordOf, standing } from './fixtures.js';

const IDENTITY = document('CloudTrail User Guide, CloudTrail userIdentity element');
const HAND = 'somebody has to change the resource behind CloudFormation’s back';
const TIME = 'emulators leave no events of their own calls';
const ARN = (account: string): string => `arn:aws:sts::${account}:assumed-role/AdministratorAccess/j.doe`;

/** An SDK client that a person signs with. */
function clientOf(aws: SimulatedAws, person: Parameters<SimulatedAws['simulator']['hands']['signIn']>[0]) {
  const { requestHandler } = aws.simulator;
  const credentials = aws.simulator.hands.signIn(person);
  return new CloudFormationClient({ region: 'us-east-1', requestHandler, credentials, maxAttempts: 1 });
}

const j = (accountId: string) => ({ accountId, ...PERSON });

export const people: Chapter = {
  service: 'CloudTrail',
  operation: 'Who did it',
  sentences: [
    {
      says: 'is the session of a role, by its name, for a resource that was changed by hand, found by its physical id and its ARN',
      source: IDENTITY,
      alone: HAND,
      test: async (aws) => {
        const [accountId] = aws.members;
        const { name } = await standing(aws);
        const place = { accountId, region: 'us-east-1', stack: name, resource: 'Queue' };
        aws.simulator.hands.change(place, { DelaySeconds: 9 }, j(accountId));
        later(aws);
        const [event] = await lookup(aws, by('Username', 'j.doe'));
        expect(event).toMatchObject({ EventName: 'SetQueueAttributes', EventSource: 'sqs.amazonaws.com' });
        expect(recordOf(event)).toMatchObject({
          userIdentity: {
            type: 'AssumedRole',
            arn: ARN(accountId),
            sessionContext: { sessionIssuer: { type: 'Role', userName: 'AdministratorAccess' } },
          },
          sourceIPAddress: expect.stringMatching(/^203\.0\.113\./) as string,
          userAgent: expect.stringContaining('Mozilla') as string,
        });
        const names = event!.Resources!.map(({ ResourceName }) => ResourceName!);
        expect(names[0]).toMatch(/^https:\/\/sqs/);
        expect(names[1]).toMatch(/^arn:aws:sqs:us-east-1:/);
        for (const each of names) {
          const found = await lookup(aws, by('ResourceName', each));
          expect(found.map(({ EventId }) => EventId)).toContain(event!.EventId);
        }
      },
    },
    {
      says: 'is an IAM user, by its name, for a resource that was deleted by hand',
      source: IDENTITY,
      alone: HAND,
      test: async (aws) => {
        const [accountId] = aws.members;
        const { name } = await standing(aws);
        const place = { accountId, region: 'us-east-1', stack: name, resource: 'Queue' };
        aws.simulator.hands.remove(place, { accountId, user: 'diego' });
        later(aws);
        const [event] = await lookup(aws, by('Username', 'diego'));
        expect(event!.EventName).toBe('DeleteQueue');
        expect(recordOf(event).userIdentity).toMatchObject({
          type: 'IAMUser',
          arn: `arn:aws:iam::${accountId}:user/diego`,
          userName: 'diego',
        });
      },
    },
    {
      says: 'is told for a resource in a nested stack as for any other',
      source: assumption('a service does not know which stack its resource is of'),
      alone: HAND,
      test: async (aws) => {
        const [accountId] = aws.members;
        const objects = aws.simulator.world.objects;
        objects.put('nested', 'child.json', Buffer.from(queueTemplate('nested-queue')), 'us-east-1');
        const TemplateURL = 'https://nested.s3.us-east-1.amazonaws.com/child.json';
        const parent = { Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL } } } };
        const { name } = await standing(aws, aws.cloudFormation(), JSON.stringify(parent));
        const place = { accountId, region: 'us-east-1', stack: name, resource: 'Child.Queue' };
        aws.simulator.hands.change(place, { DelaySeconds: 9 }, j(accountId));
        later(aws);
        expect(namesOf(await lookup(aws, by('Username', 'j.doe')))).toEqual(['SetQueueAttributes']);
        const found = await lookup(aws, by('EventName', 'CreateStack'));
        expect(found.map((event) => recordOf(event).userIdentity.invokedBy)).toEqual([
          'cloudformation.amazonaws.com',
          undefined,
        ]);
      },
    },
    {
      says: 'is told in us-east-1 for what was done to IAM, wherever the stack is',
      source: document('CloudTrail User Guide, Global service events'),
      alone: HAND,
      test: async (aws) => {
        const [accountId] = aws.members;
        const AssumeRolePolicyDocument = { Version: '2012-10-17', Statement: [] };
        const Properties = { RoleName: 'worker', AssumeRolePolicyDocument };
        const template = JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role', Properties } } });
        const { name } = await standing(aws, aws.cloudFormation(accountId, 'eu-west-1'), template);
        const place = { accountId, region: 'eu-west-1', stack: name, resource: 'Role' };
        aws.simulator.hands.change(place, { Policies: [] }, j(accountId));
        later(aws);
        const there = aws.cloudTrail(accountId, 'eu-west-1');
        expect(await lookup(aws, by('Username', 'j.doe'), there)).toEqual([]);
        expect(namesOf(await lookup(aws, by('Username', 'j.doe')))).toEqual(['PutRolePolicy']);
        expect(namesOf(await lookup(aws, by('ResourceName', 'worker')))).toEqual(['PutRolePolicy', 'CreateRole']);
      },
    },
    {
      says: 'is CloudFormation, invoked by whoever asked for the stack, for what it does to the stack’s resources',
      source: IDENTITY,
      alone: TIME,
      test: async (aws) => {
        await standing(aws);
        later(aws);
        const [event] = await lookup(aws, by('EventName', 'CreateQueue'));
        expect(recordOf(event)).toMatchObject({
          userIdentity: {
            type: 'Root',
            arn: `arn:aws:iam::${aws.members[0]}:root`,
            invokedBy: 'cloudformation.amazonaws.com',
          },
          sourceIPAddress: 'cloudformation.amazonaws.com',
          userAgent: 'cloudformation.amazonaws.com',
        });
      },
    },
    {
      says: 'is CloudFormation in a session of the stack’s role, where it has one',
      source: document('CloudFormation User Guide, AWS CloudFormation service role'),
      alone: TIME,
      test: async (aws) => {
        const [account] = aws.members;
        const RoleARN = `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
        const client = aws.cloudFormation();
        const { name } = await standing(aws);
        const TemplateBody = queueTemplate('with-a-role');
        await client.send(new UpdateStackCommand({ StackName: name, TemplateBody, RoleARN }));
        later(aws, 3600);
        const [event] = await lookup(aws, by('EventName', 'CreateQueue'));
        expect(recordOf(event).userIdentity).toMatchObject({
          type: 'AssumedRole',
          arn: `arn:aws:sts::${account}:assumed-role/OrganizationAccountAccessRole/AWSCloudFormation`,
          invokedBy: 'cloudformation.amazonaws.com',
        });
      },
    },
    {
      says: 'is CloudFormation for the stack of a stack set’s instance, and a person who updates that stack directly',
      source: assumption('stack sets work in the target account in a session of their own'),
      alone: HAND,
      test: async (aws) => {
        const [accountId] = aws.members;
        await trust(aws, aws.members);
        const sets = desk(aws);
        await sets.create();
        await sets.deploy({ Accounts: [accountId] });
        const StackName = aws.simulator.hands.instanceStack(sets.StackSetName, accountId, 'us-east-1')!;
        expect(StackName).toBe((await sets.instance(accountId)).StackId);
        const client = clientOf(aws, j(accountId));
        await client.send(
          new UpdateStackCommand({ StackName, UsePreviousTemplate: true, Tags: [{ Key: 'by', Value: 'hand' }] }),
        );
        await aws.until(
          () => client.send(new DescribeStacksCommand({ StackName })),
          ({ Stacks }) => Stacks![0]!.StackStatus === 'UPDATE_COMPLETE',
        );
        client.destroy();
        const place = { accountId, region: 'us-east-1', stack: StackName, resource: 'Topic' };
        aws.simulator.hands.change(place, { DisplayName: 'by hand' }, j(accountId));
        later(aws);
        const events = await lookup(aws, by('ResourceName', StackName));
        expect(events.map((event) => [event.EventName, recordOf(event).userIdentity])).toMatchObject([
          ['UpdateStack', { arn: ARN(accountId) }],
          ['CreateStack', { invokedBy: 'cloudformation.amazonaws.com' }],
        ]);
        // CloudFormation passes the tags on to the topic, on the person's behalf.
        const deeds = await lookup(aws, by('Username', 'j.doe'));
        expect(deeds.map((event) => [event.EventName, recordOf(event).userIdentity.invokedBy])).toEqual([
          ['SetTopicAttributes', undefined],
          ['SetTopicAttributes', 'cloudformation.amazonaws.com'],
          ['UpdateStack', undefined],
        ]);
      },
    },
  ],
};
