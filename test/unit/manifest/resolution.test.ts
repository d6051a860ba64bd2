import { describe, expect, test } from 'vitest';
import { parseDesiredState } from '../../../src/manifest/parse.js';
import { resolveDesired } from '../../../src/manifest/resolve.js';
import type { Resolved } from '../../../src/manifest/resolve.js';
import { CONTROLLER, EVERYWHERE, desiredFiles, shown, stack } from './desired-files.js';

function resolve(texts: Readonly<Record<string, string>>, installation: string | null = null): Resolved {
  const { manifests, diagnostics } = parseDesiredState(desiredFiles(texts));
  expect(diagnostics.map(shown)).toEqual([]);
  return resolveDesired(manifests, installation);
}

const GOV = CONTROLLER.replace('name: evenkeel', 'name: gov')
  .replace('partition: aws', 'partition: aws-us-gov')
  .replace('us-east-1', 'us-gov-west-1');
const ARN = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const GOV_ARN = 'arn:aws-us-gov:serverlessrepo:us-gov-west-1:111122223333:applications/janitor';
const application = (...spec: readonly string[]): string =>
  `apiVersion: evenkeel/v1\nkind: ServerlessApplication\nmetadata: { name: j }\nspec:\n${spec.map((line) => `  ${line}\n`).join('')}`;

describe('the Controller', () => {
  test('is defaulted from its name', () => {
    expect(resolve({ 'c.yaml': CONTROLLER }).controller).toMatchObject({
      name: 'evenkeel',
      table: 'evenkeel',
      artifactBucket: 'evenkeel-artifacts-${account.id}-${region}',
      roles: { plan: 'evenkeel-plan', apply: 'evenkeel-apply', cloudformation: null, externalId: null },
      budgets: { delete: 5, replace: 2, accounts: '50%', window: 86_400_000, checks: 240 },
      freeze: [],
      permissionsBoundary: null,
      reconcile: { type: 'rate', every: 900_000 },
    });
  });

  test('says what it says', () => {
    const text = `${CONTROLLER}  budgets: { delete: 0, accounts: 10, window: 90m }\n  schedule: { reconcile: rate(2 hours) }\n  freeze: [{ from: 2026-12-20, to: 2027-01-04, reason: year end }]\n`;
    expect(resolve({ 'c.yaml': text }).controller).toMatchObject({
      budgets: { delete: 0, replace: 2, accounts: 10, window: 5_400_000, checks: 240 },
      freeze: [{ from: '2026-12-20', to: '2027-01-04', reason: 'year end' }],
      reconcile: { type: 'rate', every: 7_200_000 },
    });
  });

  test.each([
    [
      {},
      null,
      'EK2009 - [] no manifest is of kind Controller, so no installation is described = add a manifest of kind Controller',
    ],
    [
      { 'c.yaml': CONTROLLER, 'g.yaml': GOV },
      null,
      'EK2010 - [] there are several Controllers: evenkeel, gov = name one with --installation, such as --installation evenkeel',
    ],
    [
      { 'c.yaml': CONTROLLER, 'g.yaml': GOV },
      'gvo',
      'EK2009 - [] no Controller is named gvo; there are evenkeel, gov = did you mean --installation gov?',
    ],
  ])('has to be the one that is meant', (texts, name, message) => {
    const resolved = resolve(texts, name);
    expect(resolved.controller).toBeNull();
    expect(resolved.diagnostics.map(shown)).toEqual([message]);
  });

  test('is not missed where it is there and broken', () => {
    const { manifests } = parseDesiredState(desiredFiles({ 'c.yaml': CONTROLLER.replace('homeRegion', 'homeregion') }));
    expect(resolveDesired(manifests, null)).toEqual({ controller: null, desired: [], diagnostics: [] });
    const lost = parseDesiredState(desiredFiles({ 'c.yaml': 'a: [' }));
    expect(resolveDesired(lost.manifests, null).diagnostics).toEqual([]);
  });
});

describe('a manifest', () => {
  test('is defaulted', () => {
    expect(resolve({ 'c.yaml': CONTROLLER, 's.yaml': stack('vpc', EVERYWHERE) }).desired).toEqual([
      {
        address: 'Stack/vpc',
        kind: 'Stack',
        name: 'vpc',
        description: '',
        labels: {},
        controls: [],
        block: { type: 'template', path: 'templates/x.yaml' },
        driver: 'stack',
        stackSet: null,
        rollout: {
          maxConcurrent: null,
          failureTolerance: null,
          concurrencyMode: 'soft',
          regionOrder: [],
          regionConcurrency: 'sequential',
          waves: [],
          stops: false,
        },
        targets: [{ all: true, regions: ['us-east-1'] }],
        parameters: {},
        overrides: [],
        acknowledge: [],
        transform: null,
        stackName: 'evenkeel-vpc',
        tags: {},
        terminationProtection: false,
        deletion: 'delete',
        driftRespond: 'report',
        driftIgnore: [],
        adopt: false,
        dependsOn: [],
        references: [],
        suspend: null,
        at: expect.any(Function),
      },
    ]);
  });

  test('says where its values stand', () => {
    const [desired] = resolve({
      'c.yaml': CONTROLLER,
      's.yaml': stack('vpc', 'targets:', '  - all: true', '    regions: [us-east-1, us-west-2]'),
    }).desired;
    expect(desired!.at('spec', 'targets', 0, 'regions', 1)).toEqual({
      file: 's.yaml',
      line: 8,
      column: 28,
      length: 9,
      source: '      regions: [us-east-1, us-west-2]',
    });
    expect(desired!.at('spec', 'stackName')).toMatchObject({ line: 4, column: 1, length: 4 });
  });

  test.each([
    ['permissionModel: self-managed', { permissionModel: 'SELF_MANAGED', callAs: 'SELF', autoDeployment: null }],
    [
      'permissionModel: service-managed\n  callAs: delegated-admin\n  autoDeployment: { enabled: true, retainStacksOnAccountRemoval: true }',
      {
        permissionModel: 'SERVICE_MANAGED',
        callAs: 'DELEGATED_ADMIN',
        autoDeployment: { retainStacksOnAccountRemoval: true },
      },
    ],
    [
      'permissionModel: service-managed\n  callAs: DELEGATED_ADMIN\n  autoDeployment: { enabled: false }',
      { permissionModel: 'SERVICE_MANAGED', callAs: 'DELEGATED_ADMIN', autoDeployment: null },
    ],
  ])('of kind StackSet speaks AWS’s language afterwards: %j', (lines, options) => {
    const text = stack('a', EVERYWHERE, lines).replace('kind: Stack', 'kind: StackSet');
    expect(resolve({ 'c.yaml': CONTROLLER, 's.yaml': text }).desired[0]).toMatchObject({
      driver: 'stack-set',
      address: 'StackSet/a',
      stackSet: options,
    });
  });

  test('whose selectors are all for another partition is not this installation’s', () => {
    const gov = stack('a', 'targets: [{ all: true, regions: [us-gov-west-1], partitions: [aws-us-gov] }]');
    const texts = { 'c.yaml': CONTROLLER, 'g.yaml': GOV, 's.yaml': gov };
    expect(resolve(texts, 'evenkeel')).toMatchObject({ desired: [], diagnostics: [] });
    expect(resolve(texts, 'gov').desired.map(({ stackName }) => stackName)).toEqual(['gov-a']);
  });

  test('takes the application and version of the partition', () => {
    const text = application(
      `application: { aws: "${ARN}", aws-us-gov: "${GOV_ARN}" }`,
      'version: { aws: 1.1.671, aws-us-gov: 1.1.397 }',
      'targets:',
      '  - { all: true, regions: [us-east-1], partitions: [aws] }',
      '  - { all: true, regions: [us-gov-west-1], partitions: [aws-us-gov] }',
    );
    const texts = { 'c.yaml': CONTROLLER, 'g.yaml': GOV, 's.yaml': text };
    expect(resolve(texts, 'evenkeel').desired[0]?.block).toEqual({
      type: 'serverless-application',
      application: ARN,
      version: '1.1.671',
    });
    expect(resolve(texts, 'gov').desired[0]?.block).toEqual({
      type: 'serverless-application',
      application: GOV_ARN,
      version: '1.1.397',
    });
  });

  test('that has no application or version for the partition is an error', () => {
    const text = application(
      `application: ${ARN}`,
      'version: { aws: 1.1.671 }',
      'targets: [{ all: true, regions: [us-gov-west-1] }]',
    );
    expect(resolve({ 'g.yaml': GOV, 's.yaml': text }).diagnostics.map(shown)).toEqual([
      'EK2011 s.yaml:6:3 [version] version says nothing for the partition aws-us-gov = add aws-us-gov to it',
    ]);
    const foreign = text.replace('{ aws: 1.1.671 }', '1.1.671');
    expect(resolve({ 'g.yaml': GOV, 's.yaml': foreign }).diagnostics.map(shown)).toEqual([
      `EK2011 s.yaml:5:16 [${ARN}] the application is one of the partition aws, and the installation is in aws-us-gov = write one ARN for each partition`,
    ]);
  });

  test('that names a Region of another partition is an error at that Region', () => {
    const text = stack(
      'a',
      'targets: [{ all: true, regions: [us-east-1, cn-north-1], except: { regions: [us-gov-west-1] } }]',
    );
    expect(resolve({ 'c.yaml': CONTROLLER, 's.yaml': text }).diagnostics.map(shown)).toEqual([
      'EK2012 s.yaml:6:47 [cn-north-1] cn-north-1 is a Region of the partition aws-cn, and the installation is in aws = remove it, or give the selector partitions: [aws-cn]',
      'EK2012 s.yaml:6:80 [us-gov-west-1] us-gov-west-1 is a Region of the partition aws-us-gov, and the installation is in aws = remove it, or give the selector partitions: [aws-us-gov]',
    ]);
  });

  test('with the address of another is an error that names both places', () => {
    const { diagnostics } = resolve({
      'a.yaml': stack('vpc', EVERYWHERE),
      'b/c.yaml': `${CONTROLLER}---\n${stack('vpc', EVERYWHERE)}`,
    });
    expect(diagnostics.map(shown)).toEqual([
      'EK2004 b/c.yaml:11:19 [vpc] Stack/vpc is already the address of the manifest at a.yaml:3:19 = rename or remove one of the two',
    ]);
  });
});
