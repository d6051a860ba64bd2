import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { document, model, type Aws, type Sentence } from '../specification.js';
import { assume, roleArn, stsAs } from './fixtures.js';

const DURATION = model('STS 2011-06-15, AssumeRoleRequest');
const UNCHECKED = { moto: 'takes it', ministack: 'takes it' };

const tooLong = (aws: Aws, DurationSeconds: number, message: string) =>
  expect(assume(aws, { DurationSeconds })).rejects.toMatchObject({ name: 'ValidationError', message });

/** How long a session lasts. */
export const sessionDuration: readonly Sentence[] = [
  {
    says: 'gives an hour where nothing is said, and the DurationSeconds that are asked for',
    source: DURATION,
    alone: 'the time has to be known to the second',
    test: async (aws) => {
      const now = aws.simulator.world.clock.now().getTime();
      expect((await assume(aws)).Credentials!.Expiration!.getTime()).toBe(now + 3_600_000);
      const { Credentials } = await assume(aws, { DurationSeconds: 900 });
      expect(Credentials!.Expiration!.getTime()).toBe(now + 900_000);
    },
  },
  {
    says: 'answers ValidationError to less than 900 and more than 43,200 seconds',
    source: DURATION,
    differs: UNCHECKED,
    test: async (aws) => {
      const words = (value: number, bound: string) =>
        `1 validation error detected: Value '${value}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`;
      await tooLong(aws, 899, words(899, 'greater than or equal to 900'));
      await tooLong(aws, 43_201, words(43_201, 'less than or equal to 43200'));
    },
  },
  {
    says: 'answers ValidationError to more than the role’s MaxSessionDuration, an hour where nobody has set another; here, nobody can',
    source: document('IAM User Guide, Update the maximum session duration for a role'),
    differs: UNCHECKED,
    test: (aws) =>
      tooLong(aws, 3601, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
  },
  {
    says: 'answers ValidationError to more than an hour where a session asks for another session',
    source: document('STS API Reference, AssumeRole'),
    differs: UNCHECKED,
    test: async (aws) => {
      const session = stsAs(aws, await assume(aws));
      const RoleArn = roleArn(aws.members[1]);
      await expect(assume(aws, { RoleArn, DurationSeconds: 3601 }, session)).rejects.toMatchObject({
        name: 'ValidationError',
        message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      });
      const chained = await assume(aws, { RoleArn, DurationSeconds: 3600 }, session);
      expect(chained.AssumedRoleUser!.Arn).toContain(aws.members[1]);
    },
  },
  {
    says: 'gives credentials that every service answers with ExpiredToken once their time is over',
    source: document('IAM User Guide, Troubleshoot IAM'),
    alone: 'an hour has to pass',
    test: async (aws) => {
      const client = stsAs(aws, await assume(aws));
      aws.simulator.world.clock.advance(3599);
      await client.send(new GetCallerIdentityCommand({}));
      aws.simulator.world.clock.advance(1);
      await expect(client.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
        name: 'ExpiredToken',
        message: 'The security token included in the request is expired',
        $metadata: { httpStatusCode: 403 },
      });
    },
  },
];
