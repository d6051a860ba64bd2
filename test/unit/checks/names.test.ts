import { describe, expect, test } from 'vitest';
import { checkTemplates } from '../../../src/checks/checks.js';
import { deploymentAddress } from '../../../src/model/address.js';
import type { Deployment, StackSetOptions } from '../../../src/model/desired.js';
import type { AccountId, Region } from '../../../src/model/identifiers.js';
import { parseTargetKey } from '../../../src/model/target.js';
import type { TargetKey } from '../../../src/model/target.js';
import { controller, desired } from '../../support/builders.js';
import { artifactOf, codes, deploymentAt, found, messages, NOW, ONE, ONE_WEST, TWO } from './checking.js';

const bucket = (name: string, more = '') =>
  `Parameters: { Prefix: { Type: String, Default: logs } }
Conditions: { Home: !Equals [!Ref AWS::Region, us-east-1] }
Resources: { Archive: { Type: AWS::S3::Bucket, ${more}Properties: { BucketName: ${name} } } }`;
const role = (name: string) => `Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: ${name} } } }`;

describe('a name that there can be once', () => {
  test('a bucket’s in all accounts: a literal, or a parameter that is the same everywhere', () => {
    expect(found({ template: bucket('our-logs'), at: [ONE, TWO] })).toMatchObject([
      {
        code: 'EK5035',
        severity: 'error',
        message: `bucket Archive would be called our-logs at ${ONE}, ${TWO}, and there can be one bucket of a name in all accounts and Regions`,
        remedy: 'leave BucketName out, or write ${AWS::AccountId} and ${AWS::Region} into it',
      },
    ]);
    expect(codes({ template: bucket('!Sub "${Prefix}-x"'), at: [ONE, TWO] })).toEqual(['error EK5035']);
    expect(codes({ template: bucket('our-logs'), at: [ONE] })).toEqual([]);
  });

  test('the account in it keeps accounts apart, and only the Region keeps Regions apart', () => {
    const account = bucket('!Sub "logs-${AWS::AccountId}"');
    expect(codes({ template: account, at: [ONE, TWO] })).toEqual([]);
    expect(codes({ template: account, at: [ONE, ONE_WEST, TWO] })).toEqual(['error EK5035']);
    expect(
      codes({ template: bucket('!Sub "logs-${AWS::AccountId}-${AWS::Region}"'), at: [ONE, ONE_WEST, TWO] }),
    ).toEqual([]);
  });

  test('a parameter that differs keeps them apart, and a condition may leave one', () => {
    const parametersAt = (key: TargetKey) => ({ Prefix: key === ONE ? 'a' : 'b' });
    expect(codes({ template: bucket('!Ref Prefix'), at: [ONE, TWO], parametersAt })).toEqual([]);
    expect(codes({ template: bucket('our-logs', 'Condition: Home, '), at: [ONE, ONE_WEST] })).toEqual([]);
    expect(codes({ template: bucket('our-logs', 'Condition: Unknowable, '), at: [ONE, ONE_WEST] })).toEqual([]);
  });

  test('a role’s in an account, whichever Region makes it', () => {
    expect(messages({ template: role('reader'), at: [ONE, ONE_WEST, TWO] })).toEqual([
      `role R would be called reader at ${ONE}, ${ONE_WEST}, and an account has one role of a name in all Regions`,
    ]);
    expect(codes({ template: role('reader'), at: [ONE, TWO] })).toEqual([]);
    expect(codes({ template: role('!Sub "reader-${AWS::Region}"'), at: [ONE, ONE_WEST] })).toEqual([]);
  });

  test('what only a deployment knows is not judged', () => {
    expect(codes({ template: bucket('!ImportValue x'), at: [ONE, TWO] })).toEqual([]);
    expect(codes({ template: bucket("'{{resolve:ssm:/x}}'"), at: [ONE, TWO] })).toEqual([]);
    expect(codes({ template: bucket('!Sub "${Other.Arn}-x"'), at: [ONE, TWO] })).toEqual([]);
    expect(
      codes({
        template: bucket('!Sub "${AWS::StackName}-x"'),
        at: [ONE, TWO],
        desired: { driver: 'stack-set', stackSet: {} as StackSetOptions },
      }),
    ).toEqual([]);
    expect(codes({ template: bucket('our-logs'), at: null, standing: null })).toEqual([]);
  });
});

describe('a name that is too long', () => {
  test('is told as it comes out at the targets where it does', () => {
    const parametersAt = (key: TargetKey) => ({ Prefix: key === ONE ? 'short' : 'x'.repeat(40) });
    const longest = bucket('!Sub "${Prefix}-${AWS::AccountId}-${AWS::Region}"');
    expect(codes({ template: longest, at: [ONE, TWO], parametersAt })).toEqual([]);
    const longer = bucket('!Sub "${Prefix}-${AWS::AccountId}-${AWS::Region}-x"');
    expect(messages({ template: longer, at: [ONE, TWO], parametersAt })).toEqual([
      `bucket Archive would be called ${'x'.repeat(40)}-222222222222-us-east-1-x, 65 characters, and AWS takes 63 for a bucket (${TWO})`,
    ]);
  });

  test('is seen offline too, with any account and every Region of the manifest', () => {
    const template = role('!Sub "${AWS::StackName}-${AWS::AccountId}-${AWS::Region}-a-name-that-goes-on-and-on"');
    expect(found({ template, at: null, standing: null })).toMatchObject([{ code: 'EK5036', severity: 'error' }]);
  });

  test('of which a part is a secret is not told', () => {
    const template = `Parameters: { Prefix: { Type: String, NoEcho: true } }\n${role('!Sub "${Prefix}-x"')}`;
    expect(
      JSON.stringify(found({ template, desired: { parameters: { Prefix: 'hunter2'.repeat(20) } } })),
    ).not.toContain('hunter2');
  });
});

test('two thousand deployments of twenty manifests are checked in milliseconds where names are made of account and Region', () => {
  const names = ['AccountId', 'Region'].map((each) => `\${AWS::${each}}`).join('-');
  const template = `Resources: { B: { Type: AWS::S3::Bucket, Properties: { BucketName: !Sub "b-${names}" } }, R: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub "r-\${AWS::Region}" } }, F: { Type: AWS::Lambda::Function, Properties: { FunctionName: f, Runtime: python3.7 } } }`;
  const artifact = artifactOf(template);
  const keys = Array.from(
    { length: 2000 },
    (_, n) => `${String(400_000_000_000 + (n >> 1))}/us-${n % 2 === 0 ? 'east' : 'west'}-1` as TargetKey,
  );
  const manifests = Array.from({ length: 20 }, (_, n) =>
    desired({ address: `Stack/m${String(n)}` as never, name: `m${String(n)}` }),
  );
  const all: readonly Deployment[] = keys.map((key) => deploymentAt(key));
  const input = {
    controller: controller(),
    desired: manifests,
    artifacts: new Map(manifests.map(({ address }) => [address, artifact])),
    deployments: new Map(
      manifests.map(({ address }, n) => [
        address,
        all
          .slice(n * 100, n * 100 + 100)
          .map((each) => ({ ...each, address: deploymentAddress(address, each.target) })),
      ]),
    ),
    entries: [],
    now: NOW,
  };
  checkTemplates(input);
  const started = performance.now();
  const diagnostics = checkTemplates(input);
  expect(performance.now() - started).toBeLessThan(250);
  expect(diagnostics).toHaveLength(20);
  expect(parseTargetKey(keys[0]!)).toEqual({ account: '400000000000' as AccountId, region: 'us-east-1' as Region });
});
