import { CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { expect } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { clientsOf } from '../clients.js';
import { assumption, document, model, type Chapter } from '../specification.js';
import { by, later, lookup, namesOf, queueTemplate, recordOf, standing } from './fixtures.js';

const REFERENCE = document('CloudTrail API Reference, LookupEvents');
const RECORDS = document('CloudTrail User Guide, CloudTrail record contents');
const shape = (name: string) => model(`CloudTrail 2013-11-01, ${name}`);
const TIME = 'it needs time that obeys';

export const lookupEvents: Chapter = {
  service: 'CloudTrail',
  operation: 'LookupEvents',
  lacks: { moto: 'answers HTTP 500: it has no such operation' },
  sentences: [
    {
      says: 'answers the call that created a stack, with its source and its time',
      source: shape('Event'),
      differs: { ministack: 'calls every call of CloudFormation POST.cloudformation' },
      test: async (aws) => {
        await standing(aws);
        later(aws);
        const [event] = await lookup(aws, by('EventName', 'CreateStack'));
        expect(event).toMatchObject({
          EventName: 'CreateStack',
          EventSource: 'cloudformation.amazonaws.com',
          EventTime: expect.any(Date) as Date,
          EventId: expect.any(String) as string,
          ReadOnly: 'false',
        });
      },
    },
    {
      says: 'finds what was done to a stack by its name and by its id',
      source: document('CloudTrail User Guide, Viewing recent management events with the AWS CLI'),
      differs: { ministack: 'knows neither' },
      test: async (aws) => {
        const { name, id } = await standing(aws);
        later(aws);
        for (const each of [name, id])
          expect(namesOf(await lookup(aws, by('ResourceName', each)))).toEqual(['CreateStack']);
      },
    },
    {
      says: 'answers the newest first',
      source: REFERENCE,
      differs: { ministack: 'knows no event of the stack by its name' },
      test: async (aws) => {
        const { name } = await standing(aws);
        later(aws);
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        later(aws);
        expect(namesOf(await lookup(aws, by('ResourceName', name)))).toEqual(['DeleteStack', 'CreateStack']);
      },
    },
    {
      says: 'looks into the caller’s own account and Region only',
      source: REFERENCE,
      test: async (aws) => {
        await standing(aws);
        later(aws);
        const elsewhere = [aws.cloudTrail(aws.members[1]), aws.cloudTrail(aws.members[0], 'eu-west-1')];
        const { EventId } = (await lookup(aws, {}))[0]!;
        expect(await lookup(aws, by('EventId', EventId!))).toHaveLength(1);
        for (const client of elsewhere) expect(await lookup(aws, by('EventId', EventId!), client)).toEqual([]);
      },
    },
    {
      says: 'names the root user `root`, and has its ARN in the record',
      source: document('CloudTrail User Guide, CloudTrail userIdentity element'),
      differs: { ministack: 'calls everybody by the access key, as an IAM user' },
      test: async (aws) => {
        await standing(aws);
        later(aws);
        const [event] = await lookup(aws, by('EventName', 'CreateStack'));
        expect(event!.Username).toBe('root');
        expect(recordOf(event).userIdentity).toMatchObject({
          type: 'Root',
          arn: `arn:aws:iam::${aws.members[0]}:root`,
          accountId: aws.members[0],
        });
      },
    },
    {
      says: 'tells the refused calls too, with the code of the exception',
      source: RECORDS,
      differs: { ministack: 'does not tell how a call ended' },
      test: async (aws) => {
        const { name } = await standing(aws);
        const again = new CreateStackCommand({ StackName: name, TemplateBody: queueTemplate('another') });
        await expect(aws.cloudFormation().send(again)).rejects.toMatchObject({ name: 'AlreadyExistsException' });
        later(aws);
        const [event] = await lookup(aws, by('EventName', 'CreateStack'));
        expect(recordOf(event)).toMatchObject({ errorCode: 'AlreadyExistsException', responseElements: null });
      },
    },
    {
      says: 'goes on where the NextToken says, whatever has come since, and takes the token of no other question',
      source: REFERENCE,
      differs: { ministack: 'answers one page' },
      test: async (aws) => {
        const { name } = await standing(aws);
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: name }));
        later(aws);
        const question = { ...by('ResourceName', name), MaxResults: 1 };
        const client = aws.cloudTrail();
        const first = await client.send(new LookupEventsCommand(question));
        expect(namesOf(first.Events!)).toEqual(['DeleteStack']);
        const { NextToken } = first;
        expect(namesOf(await lookup(aws, { ...question, NextToken }))).toEqual(['CreateStack']);
        await expect(lookup(aws, { ...by('ResourceName', 'another'), NextToken })).rejects.toMatchObject({
          name: 'InvalidNextTokenException',
        });
      },
    },
    {
      says: 'answers InvalidMaxResultsException where MaxResults is not from 1 to 50',
      source: shape('InvalidMaxResultsException'),
      differs: { ministack: 'takes any' },
      test: async (aws) => {
        for (const MaxResults of [0, 51])
          await expect(lookup(aws, { MaxResults })).rejects.toMatchObject({
            name: 'InvalidMaxResultsException',
            $metadata: { httpStatusCode: 400 },
          });
      },
    },
    {
      says: 'answers InvalidLookupAttributesException for two attributes, and for one that it does not know',
      source: shape('InvalidLookupAttributesException'),
      differs: { ministack: 'takes all of them, and does not look at those that it does not know' },
      test: async (aws) => {
        const [one] = by('EventName', 'CreateStack').LookupAttributes;
        const unknown = { AttributeKey: 'Color' as 'EventId', AttributeValue: 'red' };
        for (const LookupAttributes of [[one!, one!], [unknown]])
          await expect(lookup(aws, { LookupAttributes })).rejects.toMatchObject({
            name: 'InvalidLookupAttributesException',
          });
      },
    },
    {
      says: 'answers InvalidTimeRangeException where the start is after the end',
      source: shape('InvalidTimeRangeException'),
      differs: { ministack: 'finds nothing' },
      test: async (aws) => {
        const [StartTime, EndTime] = [new Date('2030-01-02'), new Date('2030-01-01')];
        await expect(lookup(aws, { StartTime, EndTime })).rejects.toMatchObject({ name: 'InvalidTimeRangeException' });
      },
    },
    {
      says: 'answers ThrottlingException to the third call within a second in one account and Region',
      source: REFERENCE,
      alone: TIME,
      test: async (aws) => {
        const ask = (region?: string) => aws.cloudTrail(aws.members[0], region).send(new LookupEventsCommand({}));
        await ask();
        await ask();
        await expect(ask()).rejects.toMatchObject({ name: 'ThrottlingException' });
        await ask('eu-west-1');
        aws.simulator.world.clock.advance(0.5);
        await ask();
      },
    },
    {
      says: 'does not show an event before two minutes have passed',
      source: assumption(
        'AWS says about five minutes on average, and promises nothing; tests can ask for another delay',
      ),
      alone: TIME,
      test: async (aws) => {
        await aws
          .cloudFormation()
          .send(new CreateStackCommand({ StackName: 'new', TemplateBody: queueTemplate('new') }));
        later(aws, 100);
        expect(await lookup(aws, by('EventName', 'CreateStack'))).toEqual([]);
        later(aws, 20);
        expect(await lookup(aws, by('EventName', 'CreateStack'))).toHaveLength(1);
      },
    },
    {
      says: 'looks at whole seconds, from the start to the end, both included',
      source: RECORDS,
      alone: TIME,
      test: async (aws) => {
        later(aws, 0.7);
        await aws
          .cloudFormation()
          .send(new CreateStackCommand({ StackName: 'new', TemplateBody: queueTemplate('new') }));
        later(aws);
        const [event] = await lookup(aws, by('EventName', 'CreateStack'));
        const at = event!.EventTime!;
        expect(recordOf(event).eventTime).toBe('2030-01-01T00:00:00Z');
        expect(await lookup(aws, { StartTime: at, EndTime: at })).toHaveLength(1);
        expect(await lookup(aws, { StartTime: new Date(at.getTime() + 1000) })).not.toContainEqual(event);
      },
    },
    {
      says: 'has forgotten an event after 90 days',
      source: REFERENCE,
      alone: TIME,
      test: async (aws) => {
        const { name } = await standing(aws);
        later(aws, 90 * 24 * 3600);
        expect(await lookup(aws, by('ResourceName', name))).toEqual([]);
      },
    },
    {
      says: 'has no events of calls that only read, unless the simulator is asked for them',
      source: assumption('AWS has them all; a long story would fill the memory with them'),
      alone: 'it needs the simulator’s option',
      test: async (aws) => {
        await aws.cloudFormation().send(new DescribeStacksCommand({}));
        later(aws);
        expect(await lookup(aws, by('ReadOnly', 'true'))).toEqual([]);
        const simulator = createSimulator({ trail: { reads: true, delay: 0 } });
        const account = '444444444444';
        const door = {
          settings: { requestHandler: simulator.requestHandler },
          credentials: async (id: string) => simulator.credentials(id),
        };
        const clients = clientsOf(door, account, account);
        await clients.cloudFormation().send(new DescribeStacksCommand({}));
        const { Events } = await clients.cloudTrail().send(new LookupEventsCommand(by('ReadOnly', 'true')));
        expect(namesOf(Events!)).toEqual(['DescribeStacks']);
        clients.destroy();
        await simulator.close();
      },
    },
  ],
};
