import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { corpusTemplates, corpusTitle, hasCorpus } from '../support/corpus.js';
import { APPLY, PLAN, typed, whereTyped } from '../support/command-line.js';
import { publisherIn } from '../support/publisher.js';
import { createWorld, HUB, queueTemplate, smallOrganization, stackManifest } from '../support/world.js';
import type { World } from '../support/world.js';

const STAND_IN = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const JANITOR = 'ServerlessApplication/janitor';

const manifest = (name: string, application: string, version: string, parameters = '{ VersionsToKeep: "3" }') =>
  `# Reviewed by the platform team.
apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: ${name} }
spec:
  application: ${application}
  version: ${version} # exact
  parameters: ${parameters}
  acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]
  targets: [{ accounts: [a1], regions: [us-east-1] }]
`;

let world: World;
afterEach(() => world.close());

async function worldOf(files: Readonly<Record<string, string>>, startAt = new Date('2026-11-01')): Promise<void> {
  world = await createWorld({ organization: smallOrganization(1), files, startAt });
}

/** When Lambda still created functions with the runtime of 1.5.0. */
const BACK_THEN = new Date('2021-01-01');
const YEARS = 5 * 365 * 86_400;

const fileOf = (path: string): Promise<string> => readFile(join(world.folder, path), 'utf8');

/** Published by the controller's own account, and shared with nobody else. */
async function publish(name: string, versions: Readonly<Record<string, string>>): Promise<string> {
  const publisher = publisherIn(world, HUB);
  const [first, ...later] = Object.entries(versions);
  const application = await publisher.publish(name, ...first!);
  for (const [version, template] of later) await publisher.publishNext(application, version, template);
  return application;
}

/** A registry client of this machine that answers what it is told to. */
async function withNpm(script: string): Promise<Readonly<Record<string, string>>> {
  const folder = join(whereTyped(world), 'bin');
  await mkdir(folder);
  await writeFile(join(folder, 'npm'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'npm'), 0o755);
  return { PATH: `${folder}:/usr/bin:/bin` };
}

describe('an application with a newer version', () => {
  it('is named, upgraded in the manifest and the lock, planned, applied, and then settled', async () => {
    await worldOf({ 'security/janitor.yaml': manifest('janitor', STAND_IN, '1.5.0') }, BACK_THEN);
    expect((await typed(world, 'lock')).code).toBe(0);
    expect((await typed(world, APPLY)).code).toBe(0);
    world.simulator.world.clock.advance(YEARS);

    const outdated = await typed(world, 'outdated');
    await expect(outdated.stdout).toMatchFileSnapshot('golden/outdated.txt');
    expect(outdated.code).toBe(2);

    const before = [await fileOf('security/janitor.yaml'), await fileOf('evenkeel.lock.yaml')];
    const dry = await typed(world, `upgrade ${JANITOR} --dry-run`);
    await expect(dry.stdout).toMatchFileSnapshot('golden/upgrade-dry-run.txt');
    expect(dry.code).toBe(2);
    expect([await fileOf('security/janitor.yaml'), await fileOf('evenkeel.lock.yaml')]).toEqual(before);

    const upgraded = await typed(world, `upgrade ${JANITOR}`);
    await expect(upgraded.stdout).toMatchFileSnapshot('golden/upgrade.txt');
    expect(upgraded.code).toBe(0);
    expect(await fileOf('security/janitor.yaml')).toBe(before[0]!.replace('1.5.0', '1.7.0'));
    const planned = await typed(world, PLAN);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain('1 to update');
    expect((await typed(world, APPLY)).code).toBe(0);
    expect((await typed(world, PLAN)).code).toBe(0);
    expect((await typed(world, 'lock --check')).code).toBe(0);
    expect((await typed(world, 'outdated')).code).toBe(0);

    const again = await typed(world, `upgrade ${JANITOR}`);
    expect([again.stdout, again.code]).toEqual([`${JANITOR} is at 1.7.0, and there is nothing to upgrade.\n`, 0]);
    const back = await typed(world, `upgrade ${JANITOR} --to 1.5.0`);
    expect([back.stdout.split('\n')[0], back.code]).toEqual([`${JANITOR}: 1.7.0 → 1.5.0, which is older`, 0]);
    expect([await fileOf('security/janitor.yaml'), await fileOf('evenkeel.lock.yaml')]).toEqual(before);
  });

  it.skipIf(!hasCorpus)(corpusTitle('of the corpus goes the same way'), async () => {
    await worldOf({}, BACK_THEN);
    const text = (path: string) => corpusTemplates().find((each) => each.path === path)!.text;
    const application = await publish('janitor', {
      '1.5.0': text('lambda-janitor/template-1.5.0.yml'),
      '1.7.0': text('lambda-janitor/template.yml'),
    });
    await world.write({ 'janitor.yaml': manifest('janitor', application, '1.5.0') });
    expect((await typed(world, 'lock')).code).toBe(0);
    expect((await typed(world, APPLY)).code).toBe(0);
    world.simulator.world.clock.advance(YEARS);
    const outdated = JSON.parse((await typed(world, 'outdated --output json')).stdout) as object;
    expect(outdated).toMatchObject({ lines: [{ address: JANITOR, pinned: '1.5.0', newer: ['1.7.0'] }] });

    const { stdout } = await typed(world, `upgrade ${JANITOR}`);
    expect(stdout).toContain('Runtime: "nodejs10.x" → "nodejs22.x"');
    expect((await typed(world, PLAN)).code).toBe(2);
    expect((await typed(world, APPLY)).code).toBe(0);
    expect((await typed(world, APPLY)).stdout).toContain('no changes; 1 unchanged');
    expect((await typed(world, 'validate')).code).toBe(0);
  });
});

describe('what a newer version asks of its manifest', () => {
  const TOPIC = `Parameters:
  Old: { Type: String, Default: a }
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }] }
      Policies:
        - PolicyName: p
          PolicyDocument: { Statement: [{ Effect: Allow, Action: [sns:Publish], Resource: '*' }] }
  Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: alarms, DisplayName: one } }
  Gone: { Type: AWS::SQS::Queue }
Outputs:
  Arn: { Value: !Ref Topic }
`;
  const NEXT = TOPIC.replace('Old: { Type: String, Default: a }', 'Wanted: { Type: String }')
    .replace('[sns:Publish]', '[sns:Publish, sns:DeleteTopic]')
    .replace('TopicName: alarms', 'TopicName: alerts')
    .replace(
      '  Gone: { Type: AWS::SQS::Queue }\n',
      '  Table: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: x } }\n',
    )
    .replace(
      '    Type: AWS::IAM::Role\n    Properties:\n',
      '    Type: AWS::IAM::Role\n    Properties:\n      RoleName: alarmist\n',
    )
    .replace('Arn: {', 'TopicArn: {');

  it('is named: parameters, capabilities, permissions and outputs, and the files are written all the same', async () => {
    await worldOf({});
    const application = await publish('alarms', { '1.0.0': TOPIC, '2.0.0': NEXT });
    await world.write({ 'janitor.yaml': manifest('janitor', application, '1.0.0', '{ Old: b }') });
    expect((await typed(world, 'lock')).code).toBe(0);
    const { stdout, code } = await typed(world, `upgrade ${JANITOR}`);
    await expect(stdout).toMatchFileSnapshot('golden/upgrade-that-asks-for-more.txt');
    expect(code).toBe(3);
    expect((await typed(world, 'validate')).code).toBe(3);
  });
});

describe('an upgrade that cannot be', () => {
  it('of an address, a version or a source that is wrong says so and writes nothing', async () => {
    await worldOf({
      'janitor.yaml': manifest('janitor', STAND_IN, '1.5.0'),
      'templates/queue.yaml': queueTemplate(),
      'queue.yaml': stackManifest('queue', 'targets: [{ accounts: [a1], regions: [us-east-1] }]'),
    });
    const cases: readonly (readonly [line: string, code: number, text: string])[] = [
      ['upgrade ServerlessApplication/janitr', 1, 'did you mean ServerlessApplication/janitor?'],
      ['upgrade Stack/queue', 1, 'its template is a file of the desired state'],
      [`upgrade ${JANITOR} --to 1.6.9`, 1, 'there is no version 1.6.9; the nearest are 1.7.0, 1.5.0'],
      [`upgrade ${JANITOR} --revision main`, 64, ''],
    ];
    for (const [line, code, text] of cases) {
      const ended = await typed(world, line);
      expect([line, ended.code]).toEqual([line, code]);
      expect(ended.stdout).toContain(text);
    }
    expect(await fileOf('janitor.yaml')).toContain('version: 1.5.0 # exact');
    await expect(fileOf('evenkeel.lock.yaml')).rejects.toThrow('ENOENT');
  });

  it('because the new version cannot be locked leaves the manifest and the lock as they were', async () => {
    await worldOf({});
    const many = Array.from({ length: 501 }, (_, n) => `  Q${n}: { Type: AWS::SQS::Queue }\n`).join('');
    const application = await publish('queues', {
      '1.0.0': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n',
      '1.1.0': `Resources:\n${many}`,
    });
    await world.write({ 'janitor.yaml': manifest('janitor', application, '1.0.0', '{}') });
    expect((await typed(world, 'lock')).code).toBe(0);
    const before = [await fileOf('janitor.yaml'), await fileOf('evenkeel.lock.yaml')];
    const { stdout, code } = await typed(world, `upgrade ${JANITOR}`);
    expect(stdout).toContain('was not changed, and nothing was written');
    expect(stdout).toContain('CloudFormation takes at most 500');
    expect(code).toBe(1);
    expect([await fileOf('janitor.yaml'), await fileOf('evenkeel.lock.yaml')]).toEqual(before);
  });
});

it('what the lock holds is what an upgrade is compared with, where the manifest has moved on without it', async () => {
  await worldOf({ 'janitor.yaml': manifest('janitor', STAND_IN, '1.5.0') });
  expect((await typed(world, 'lock')).code).toBe(0);
  await world.write({ 'janitor.yaml': manifest('janitor', STAND_IN, '1.6.0') });
  const { stdout, code } = await typed(world, `upgrade ${JANITOR} --dry-run`);
  expect(stdout).toContain('The lock holds 1.5.0, not the 1.6.0 of the manifest, so it is what is compared.');
  expect(stdout).toContain('Runtime: "nodejs10.x" → "nodejs22.x"');
  expect(stdout).not.toContain('Nothing was locked before');
  expect(code).toBe(2);
});

describe('outdated', () => {
  const SOLUTION = (spec: string) =>
    `apiVersion: evenkeel/v1\nkind: Solution\nmetadata: { name: response }\nspec:\n${spec}  targets: [{ accounts: [a1], regions: [us-east-1] }]\n`;
  const CONSTRUCT = (construct: string, version: string) =>
    `apiVersion: evenkeel/v1\nkind: Construct\nmetadata: { name: rule }\nspec:\n  construct: ${construct}\n  version: ${version}\n  targets: [{ accounts: [a1], regions: [us-east-1] }]\n`;

  it('says of each kind what it knows and from whom, and goes on where one cannot be asked', async () => {
    await worldOf({
      'janitor.yaml': manifest('janitor', STAND_IN, '1.6.0'),
      'rule.yaml': CONSTRUCT('aws-events-rule-lambda', '2.41.0'),
      'response.yaml': SOLUTION('  solution: SO0111\n  part: member\n  version: v3.1.4\n'),
      'logs.yaml': SOLUTION('  solution: SO0009\n  version: v4.0.0\n').replace('response', 'logs'),
      'retired.yaml': CONSTRUCT('aws-kinesisfirehose-s3-and-kinesisanalytics', '2.45.0').replace('rule', 'retired'),
    });
    const ours = await publish('ours', { '1.0.0': 'Resources:\n  Q: { Type: AWS::SQS::Queue }\n' });
    await world.write({ 'ours.yaml': manifest('ours', ours, '1.0.0', '{}') });
    const stranger = ours.replace(HUB, '300000000001');
    await world.write({ 'private.yaml': manifest('private', stranger, '1.0.0', '{}') });
    const env = await withNpm(
      `case "$2" in *eventbridge-lambda) echo '["2.41.0", "2.65.0", "2.103.0"]';; *) exit 1;; esac`,
    );
    const shown = await typed(world, 'outdated', { env, columns: 120 });
    await expect(shown.stdout).toMatchFileSnapshot('golden/outdated-of-every-kind.txt');
    expect(shown.code).toBe(2);

    await publisherIn(world, HUB).withdraw(ours);
    const gone = JSON.parse((await typed(world, 'outdated --output json', { env })).stdout) as {
      readonly lines: readonly { readonly address: string; readonly state: string }[];
    };
    expect(gone.lines.find(({ address }) => address === 'ServerlessApplication/ours')?.state).toBe('unavailable');
  });

  it('suggests nothing that cannot be locked, and upgrades to nothing that cannot', async () => {
    await worldOf({ 'rule.yaml': CONSTRUCT('aws-eventbridge-lambda', '2.41.0') });
    const env = await withNpm(`echo '["2.41.0", "2.65.0", "2.103.0"]'`);
    const shown = await typed(world, 'outdated', { env, columns: 120 });
    expect([shown.code, shown.stdout]).toEqual([0, expect.stringContaining('1 building block: 1 current')]);
    expect(shown.stdout).toContain('2.103.0 is newer and not installed, so it cannot be locked');
    expect(shown.stdout).not.toContain('What to do next');
    const before = await fileOf('rule.yaml');
    expect((await typed(world, 'upgrade Construct/rule', { env })).code).toBe(0);
    expect(await fileOf('rule.yaml')).toBe(before);
  });

  it('suggests a command that reads the same folder', async () => {
    await worldOf({ 'janitor.yaml': manifest('janitor', STAND_IN, '1.5.0') });
    const { stdout } = await typed(world, `outdated --path ${world.folder}`, { columns: 400 });
    expect(stdout).toContain(`evenkeel upgrade ${JANITOR} --path ${world.folder} --dry-run`);
  });

  it('without a registry uses the catalogue and says that it did not ask', async () => {
    await worldOf({ 'rule.yaml': CONSTRUCT('aws-eventbridge-lambda', '2.103.0') });
    const shown = await typed(world, 'outdated');
    expect(shown.stdout).toContain('the package registry was not asked: there is no PATH to find npm on');
    expect(shown.code).toBe(0);
    const env = await withNpm(`echo '{"error":{"code":"ENOTFOUND"}}'; exit 1`);
    expect((await typed(world, 'outdated', { env })).stdout).toContain('was not asked: npm says ENOTFOUND');
  });

  it('has nothing to say where nothing is pinned, and a solution is read from its folder latest', async () => {
    await worldOf({});
    expect(await typed(world, 'outdated')).toMatchObject({ stdout: 'No manifest pins a version.\n', code: 0 });
    const folder = 'automated-security-response-on-aws';
    const name = 'automated-security-response-member.template';
    const description = '(SO0111M) ASR Member Stack, v3.9.0';
    const body = JSON.stringify({ Description: description, Resources: { Q: { Type: 'AWS::SQS::Queue' } } });
    world.simulator.world.objects.put(
      'solutions-reference',
      `${folder}/latest/${name}`,
      Buffer.from(body),
      'us-east-1',
    );
    const url = `https://solutions-reference.s3.amazonaws.com/${folder}/v3.1.4/${name}`;
    await world.write({ 'response.yaml': SOLUTION(`  template: ${url}\n  version: v3.1.4\n`) });
    const { stdout } = await typed(world, 'outdated --output json');
    expect(JSON.parse(stdout)).toMatchObject({
      lines: [{ pinned: 'v3.1.4', newest: 'v3.9.0', newer: ['v3.9.0', 'v3.1.5'], source: 'publisher' }],
    });
  });
});

it('a solution by its address is upgraded in the address and in the version, in its own partition only', async () => {
  await worldOf({});
  const put = (version: string, said: string, delay: number): void => {
    const Resources = { Q: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: delay } } };
    const body = Buffer.from(JSON.stringify({ Description: `(SO9999) Ours, version ${said}`, Resources }));
    world.simulator.world.objects.put('solutions-reference', `ours/${version}/main.template`, body, 'us-east-1');
  };
  put('v1.0.0', 'v1.0.0', 1);
  put('v1.1.0', 'v1.1.0', 2);
  put('latest', 'v1.1.0', 2);
  const solution = (version: string) => `apiVersion: evenkeel/v1
kind: Solution
metadata: { name: ours }
spec:
  template:
    aws: 'https://solutions-reference.s3.amazonaws.com/ours/${version}/main.template' # the commercial one
    aws-us-gov: https://s3.us-gov-west-1.amazonaws.com/solutions-reference-us-gov/ours/v1.0.0/main.template
  version: { aws: ${version}, aws-us-gov: v1.0.0 }
  targets: [{ accounts: [a1], regions: [us-east-1] }]
`;
  await world.write({ 'ours.yaml': solution('v1.0.0') });
  const locked = await typed(world, 'lock');
  expect([locked.code, locked.stdout]).toEqual([0, expect.stringContaining('locked Solution/ours')]);
  const { stdout, code } = await typed(world, 'upgrade Solution/ours');
  expect(stdout).toContain('DelaySeconds: "1" → "2"');
  expect(code).toBe(0);
  expect(await fileOf('ours.yaml')).toBe(solution('v1.1.0'));
  expect((await typed(world, 'validate')).stdout).toBe('Valid.\n');
});

it('a version that another partition shares is upgraded here, with a word for the installation there', async () => {
  const gov = STAND_IN.replace('arn:aws:', 'arn:aws-us-gov:').replace('us-east-1', 'us-gov-west-1');
  const text = manifest('janitor', `{ aws: '${STAND_IN}', aws-us-gov: '${gov}' }`, '1.5.0');
  await worldOf({ 'janitor.yaml': text });
  expect((await typed(world, 'lock')).code).toBe(0);
  const lock = await fileOf('evenkeel.lock.yaml');
  const section = lock.slice(lock.indexOf('  aws:\n'));
  const there = section.replace('  aws:\n', '  aws-us-gov:\n').replace(STAND_IN, gov);
  await world.write({ 'evenkeel.lock.yaml': lock + there });

  const { stdout, code } = await typed(world, `upgrade ${JANITOR}`);
  expect(stdout).toContain('warning[EK4125]: the same value is the version in aws-us-gov, where another one is locked');
  expect(code).toBe(0);
  expect((await fileOf('evenkeel.lock.yaml')).endsWith(there)).toBe(true);
});

it('both explain themselves within eighty columns', async () => {
  await worldOf({});
  for (const command of ['outdated', 'upgrade']) {
    const { stdout } = await typed(world, `${command} --help`, { columns: 80 });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
});
