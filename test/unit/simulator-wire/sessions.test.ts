import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  STSClient,
  type AssumeRoleCommandInput,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createSimulator } from '../../../src/simulator/simulator.js';

type Keys = { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };

const CONTROLLER = '100000000004';
const PLAN_ROLE = 'arn:aws:iam::100000000011:role/evenkeel-plan';

function world() {
  const simulator = createSimulator({ organization: 'demo' });
  const as = (credentials: Keys) =>
    new STSClient({ region: 'us-east-1', credentials, requestHandler: simulator.requestHandler, maxAttempts: 1 });
  const assume = async (
    input: Partial<AssumeRoleCommandInput> = {},
    credentials: Keys = simulator.credentials(CONTROLLER),
  ) => {
    const all = { RoleArn: PLAN_ROLE, RoleSessionName: 'run-1', ExternalId: 'evenkeel-demo', ...input };
    const { Credentials, AssumedRoleUser } = await as(credentials).send(new AssumeRoleCommand(all));
    const keys = {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    };
    return { keys, expiration: Credentials!.Expiration!, user: AssumedRoleUser! };
  };
  return { simulator, as, assume };
}

describe('whose key it is', () => {
  it('twelve digits are that account’s administrator', async () => {
    const { simulator, as } = world();
    await expect(as(simulator.credentials(CONTROLLER)).send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Account: CONTROLLER,
      Arn: `arn:aws:iam::${CONTROLLER}:root`,
    });
  });

  it('a session is its role in its account', async () => {
    const { as, assume } = world();
    const { keys, user } = await assume();
    const identity = await as(keys).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: '100000000011',
      Arn: 'arn:aws:sts::100000000011:assumed-role/evenkeel-plan/run-1',
    });
    expect(user).toMatchObject({ Arn: identity.Arn, AssumedRoleId: identity.UserId });
  });

  it.each([
    ['a key that nobody was given', { accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', secretAccessKey: 'x', sessionToken: 'y' }],
    ['a key of another kind', { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }],
  ])('%s is InvalidClientTokenId', async (_what, keys) => {
    await expect(world().as(keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('a session’s key without its token is InvalidClientTokenId', async () => {
    const { as, assume } = world();
    const { keys } = await assume();
    await expect(as({ ...keys, sessionToken: 'another' }).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject(
      { name: 'InvalidClientTokenId' },
    );
  });

  it('a session ends when the simulated time has passed, and not before', async () => {
    const { simulator, as, assume } = world();
    const { keys, expiration } = await assume({ DurationSeconds: 900 });
    expect(expiration.getTime() - simulator.world.clock.now().getTime()).toBe(900_000);
    simulator.world.clock.advance(899);
    await expect(as(keys).send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({ Account: '100000000011' });
    simulator.world.clock.advance(1);
    await expect(as(keys).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: expect.stringContaining('expired'),
    });
  });
});

describe('AssumeRole', () => {
  it.each([
    ['a role that is not there', { RoleArn: 'arn:aws:iam::100000000011:role/nobody' }],
    ['an account that is not there', { RoleArn: 'arn:aws:iam::999999999999:role/evenkeel-plan' }],
    ['an account that is suspended', { RoleArn: 'arn:aws:iam::100000000091:role/evenkeel-plan' }],
    ['another partition', { RoleArn: 'arn:aws-us-gov:iam::100000000011:role/evenkeel-plan' }],
    ['no external id where the trust demands one', { ExternalId: undefined }],
    ['another external id', { ExternalId: 'somebody-else' }],
  ])('of %s is AccessDenied in AWS’s words', async (_what, input) => {
    const refused = world().assume(input);
    const resource = 'RoleArn' in input ? input.RoleArn : PLAN_ROLE;
    await expect(refused).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${CONTROLLER}:root is not authorized to perform: sts:AssumeRole on resource: ${resource}`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('from outside the organization is AccessDenied', async () => {
    await expect(world().assume({}, { accessKeyId: '999999999999', secretAccessKey: 'x' })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it.each([
    ['a session that is too short', { DurationSeconds: 60 }, /greater than or equal to 900/],
    ['a session that is too long', { DurationSeconds: 43_201 }, /less than or equal to 43200/],
    ['a name that AWS does not take', { RoleSessionName: 'no spaces' }, /roleSessionName/],
    ['an ARN that is too short for one', { RoleArn: 'evenkeel-plan' }, /greater than or equal to 20/],
    ['an ARN that is none', { RoleArn: 'the-role/evenkeel-plan' }, /is invalid/],
  ])('with %s is a ValidationError', async (_what, input, message) => {
    await expect(world().assume(input)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringMatching(message),
    });
  });

  it('from a session lasts one hour at most', async () => {
    const { assume } = world();
    const { keys } = await assume();
    await expect(assume({ DurationSeconds: 3601 }, keys)).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume({ DurationSeconds: 3600 }, keys)).resolves.toBeDefined();
  });
});
