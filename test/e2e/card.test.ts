import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateApplicationCommand,
  PutApplicationPolicyCommand,
  ServerlessApplicationRepositoryClient,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DownloadRefused } from '../../src/blocks/fetch/download.js';
import { simulatedAws } from '../../src/cli/demo/simulated-aws.js';
import { effects, typed } from '../support/command-line.js';
import type { Ended } from '../support/command-line.js';
import { accountId, CONTROLLER, createWorld, HUB, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';

const JANITOR = `apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: janitor, description: Keeps functions tidy., controls: [CM-7] }
spec:
  application: arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor
  version: 1.7.0
  parameters: { VersionsToKeep: "3" }
  acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]
  targets: [{ accounts: [a1], regions: [us-east-1] }]
`;
const README = '\u001b[2J# Bell\n\nRings \u202ewhen told.\n';
const BELL = JSON.stringify({
  Resources: {
    Bell: { Type: 'AWS::SNS::Topic' },
    Policy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
    },
  },
});
let world: World;
let bell: string;

beforeAll(async () => {
  world = await createWorld({ organization: smallOrganization(2), files: { 'janitor.yaml': JANITOR } });
  await typed(world, 'lock');
  const { ApplicationId } = await publisher().send(
    new CreateApplicationCommand({
      Name: 'bell',
      Author: 'somebody',
      Description: 'Rings.',
      SemanticVersion: '1.0.0',
      TemplateBody: BELL,
      ReadmeBody: README,
      SourceCodeUrl: 'https://github.com/example/bell',
      SpdxLicenseId: 'MIT',
      LicenseBody: 'MIT',
    }),
  );
  bell = ApplicationId!;
});
afterAll(() => world.close());
beforeEach(() => world.simulator.calls.reset());

function publisher(): ServerlessApplicationRepositoryClient {
  const { requestHandler } = world.simulator;
  const credentials = world.simulator.credentials(accountId(2));
  return new ServerlessApplicationRepositoryClient({ region: 'us-east-1', credentials, requestHandler });
}

const narrow = (line: string, columns = 80): Promise<Ended> => typed(world, line, { columns });

/** What fits is what a word longer than the line does not make impossible. */
const tooWide = (text: string, columns: number): readonly string[] =>
  text.split('\n').filter((line) => line.length > columns);

describe('a card that cannot be had', () => {
  it('of a name that nobody knows says what was probably meant, and where to look', async () => {
    const misspelt = await narrow('show lambda-janitr');
    expect(misspelt.code).toBe(1);
    expect(misspelt.stdout).toContain('error[EK4100]: lambda-janitr is neither');
    expect(misspelt.stdout).toContain('= did you mean lambda-janitor?');
    expect((await narrow('show zzzzzzzzzzzzzzzzzzzzzzzzzzz')).stdout).toContain('`evenkeel catalog`');
    const address = await narrow('show ServerlessApplication/janitr');
    expect([address.code, address.stdout]).toEqual([1, expect.stringContaining('ServerlessApplication/janitor?')]);
  });

  it('of an application that is private to somebody else, or is not there, or has no such version, says which', async () => {
    const privately = await narrow(`show ${bell}`);
    expect(privately.code).toBe(1);
    expect(privately.stdout).toMatch(/error\[EK402[02]\]: .*applications\/bell/);
    expect(privately.stdout).toContain('its publisher');
    const absent = await narrow('show arn:aws:serverlessrepo:us-east-1:374852340823:applications/none');
    expect([absent.code, absent.stdout]).toEqual([1, expect.stringMatching(/error\[EK402[02]\]/)]);
    const version = await narrow(
      'show arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor --version 9.0.0',
    );
    expect([version.code, version.stdout]).toEqual([
      1,
      expect.stringContaining('has no version 9.0.0; the newest are 1.7.0'),
    ]);
  });

  it('of a version or a part that does not exist says so, and is no manifest either', async () => {
    const served = simulatedAws(world.simulator, HUB);
    const absent = (url: string): Promise<Uint8Array> =>
      served.fetch!(url).catch(() => {
        throw new DownloadRefused({ type: 'status', status: 403 }, 'the answer is 403 Forbidden');
      });
    const aws = { ...served, fetch: absent };
    for (const command of ['show', 'add'])
      for (const [block, said] of [
        ['lambda-janitor --version 9.9.9', /error\[EK4021\].*9\.9\.9; the newest are 1\.7\.0/],
        ['SO0111 --version v1.0.0', /error\[EK4122\]: SO0111 has no version v1\.0\.0.*\n.*write v3\.1\.5/],
        ['SO8025 --version v0.1.0', /error\[EK4122\]: SO8025 has no version v0\.1\.0.*\n.*write v2\.4\.7/],
        ['SO0111 --part nope', /error\[EK4100\]: SO0111 has no part nope\n.*write one of admin/],
        ['lambda-janitor --part nope', /error\[EK4100\]: lambda-janitor has no part nope\n.*leave --part out/],
      ] as const) {
        const { code, stdout } = await typed(world, `${command} ${block}`, { columns: 1000, aws });
        expect([command, block, code, stdout]).toEqual([command, block, 1, expect.stringMatching(said)]);
        expect(stdout).not.toContain('check the network');
      }
    expect((await narrow('validate')).stdout).toBe('Valid.\n');
    const offline = await narrow('show SO0111 --part nope --offline');
    expect([offline.code, offline.stdout]).toEqual([1, expect.stringContaining('has no part nope')]);
  });

  it('of a version about which nobody can be asked is what the catalogue knows, with a warning', async () => {
    const fetch = (): Promise<never> => Promise.reject(new Error('the network is unreachable'));
    const aws = { ...simulatedAws(world.simulator, HUB), fetch };
    const { code, stdout } = await typed(world, 'show SO0111 --version v1.0.0', { columns: 400, aws });
    expect([code, stdout]).toEqual([0, expect.stringContaining('warning[EK4103]')]);
    expect(stdout).toContain('check the network');
  });

  it('without credentials is an error for an ARN, and what the catalogue knows for an id of it', async () => {
    const aws = { ...simulatedAws(world.simulator, HUB), credentials: { accessKeyId: 'NOBODY', secretAccessKey: 'x' } };
    const arn = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
    const denied = await typed(world, `show ${arn}`, { columns: 80, aws });
    expect(denied.stdout).toContain('error[EK6023]');
    expect(denied.code).toBe(9);
    const curated = await typed(world, 'show lambda-janitor', { columns: 80, aws });
    expect(curated.code).toBe(0);
    expect(curated.stdout).toContain('facts from: the catalogue alone');
    expect(curated.stdout).toContain('warning[EK4103]');
  });

  it('of a manifest whose locked files were tampered with is refused as a plan is', async () => {
    const file = join(world.folder, '.locked/ServerlessApplication/janitor/aws/template.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"Resources"', '"Resources" '));
    const { code, stdout } = await narrow('show ServerlessApplication/janitor');
    await writeFile(file, text);
    expect([code, stdout]).toEqual([3, expect.stringContaining('error[EK4015]')]);
  });

  it('is a wrong call where a manifest is asked for a version of its own', async () => {
    const { code, stderr } = await narrow('show ServerlessApplication/janitor --version 1.5.0');
    expect([code, stderr]).toEqual([64, expect.stringContaining('leave out --part and --version')]);
  });
});

describe('the card', () => {
  it.each([
    ['show ServerlessApplication/janitor', 'card-of-a-manifest.txt'],
    ['show lambda-janitor --version 1.5.0', 'card-of-an-application.txt'],
    ['show SO0111 --part member', 'card-of-a-solution.txt'],
    ['show aws-events-rule-lambda', 'card-of-a-renamed-construct.txt'],
    ['show aws-kinesisfirehose-s3-and-kinesisanalytics', 'card-of-a-retired-construct.txt'],
    ['show SecretsManagerRedshiftRotationMultiUser --offline', 'card-of-the-catalogue.txt'],
    ['catalog logging', 'catalog-of-words.txt'],
    ['catalog', 'catalog.txt'],
  ])('%s reads well in 80 columns and fits fewer', async (line, golden) => {
    const { code, stdout } = await narrow(line);
    expect(code).toBe(0);
    expect(tooWide(stdout, 80)).toEqual([]);
    await expect(stdout).toMatchFileSnapshot(`golden/${golden}`);
    for (const columns of [60, 40]) expect(tooWide((await narrow(line, columns)).stdout, columns)).toEqual([]);
  });

  it('prints the same as Markdown and, whole, as JSON', async () => {
    const markdown = await narrow('show ServerlessApplication/janitor --output markdown');
    await expect(markdown.stdout).toMatchFileSnapshot('golden/card-of-a-manifest.md');
    const { stdout } = await narrow('show SO0111 --output json');
    const { schemaVersion, card, fedramp } = JSON.parse(stdout) as Record<string, never>;
    expect(schemaVersion).toBe(1);
    expect(card).toMatchObject({
      subject: 'SO0111',
      kind: 'Solution',
      part: 'admin',
      version: 'v3.1.5',
      from: 'served',
    });
    expect(fedramp).toMatchObject({ asOf: '2025-01-31' });
    const found = JSON.parse((await narrow('catalog SHARR --output json')).stdout) as { entries: { id: string }[] };
    expect(found.entries.map(({ id }) => id)).toEqual(['SO0111']);
  });

  it('of a manifest, and of anything with --offline, asks nobody', async () => {
    await narrow('show ServerlessApplication/janitor');
    await narrow('show SO0111 --offline');
    await narrow('catalog');
    expect(world.simulator.calls.total).toBe(0);
  });

  it('of an application that the catalogue does not know has the first lines of its readme, harmless', async () => {
    await publisher().send(
      new PutApplicationPolicyCommand({
        ApplicationId: bell,
        Statements: [{ Principals: ['*'], Actions: ['Deploy'] }],
      }),
    );
    const { code, stdout } = await narrow(`show ${bell}`);
    expect(code).toBe(0);
    expect(stdout).toContain('Readme, first lines\n    # Bell\n    Rings when told.\n');
    expect(stdout).toContain('somebody (not verified by AWS)');
    expect(stdout).toContain('Policy may * on * (wildcard in actions, any resource)');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('add', () => {
  it('is a wrong call for a name, a file or a block that cannot be', async () => {
    for (const line of [
      'add lambda-janitor --name Janitor',
      'add lambda-janitor --file ../janitor.yaml',
      'add lambda-janitor --file /tmp/janitor.yaml',
      'add lambda-janitor --file templates/janitor.yaml',
      'add lambda-janitor --file .locked/janitor.yaml',
      'add lambda-janitor --file janitor.json',
      'add ServerlessApplication/janitor',
    ])
      expect([line, (await narrow(line)).code]).toEqual([line, 64]);
  });

  it('refuses what is retired, unknown or has no ARN, and writes nothing', async () => {
    for (const [line, code] of [
      ['add aws-kinesisfirehose-s3-and-kinesisanalytics', 'EK4102'],
      ['add lambda-janitr', 'EK4100'],
      ['add SO0111 --part membr', 'EK4100'],
      ['add cloudwatch-logs-janitor', 'EK4107'],
    ] as const) {
      const ended = await narrow(line);
      expect([line, ended.code]).toEqual([line, 1]);
      expect(ended.stdout).toContain(`error[${code}]`);
    }
    expect((await narrow('validate')).stdout).toBe('Valid.\n');
  });

  it('leaves to the author what only the author can decide: validate names it, and when it is filled in the manifest can be locked', async () => {
    const added = await narrow('add SO0111 --part member');
    expect([added.code, tooWide(added.stdout, 80)]).toEqual([0, []]);
    const file = join(world.folder, 'solutions/security-response-member.yaml');
    const text = await readFile(file, 'utf8');
    await expect(text).toMatchFileSnapshot('golden/added-solution.yaml');
    const { code, stdout } = await narrow('validate');
    expect(code).toBe(3);
    const named = [...stdout.matchAll(/error\[EK2003\]: (\S+) is empty/g)].map(([, key]) => key);
    const undecided = ['LogGroupName', 'SecHubAdminAccount', 'Namespace'].map((name) => `spec.parameters.${name}`);
    expect(named).toEqual([...undecided, 'spec.acknowledge', 'spec.targets']);
    expect(stdout).toContain(`Not valid: ${String(named.length)} errors.`);

    const decided = text
      .replace('LogGroupName:', 'LogGroupName: trail')
      .replace('SecHubAdminAccount:', `SecHubAdminAccount: "${HUB}"`)
      .replace('Namespace:', 'Namespace: evenkeel')
      .replace('acknowledge: # ', 'acknowledge: ')
      .replace(/targets: #.*/, 'targets: [{ accounts: [a1], regions: [us-east-1] }]');
    await writeFile(file, decided);
    expect((await narrow('lock')).code).toBe(0);
    const valid = await narrow('validate');
    expect(valid.stdout.match(/error\[.*/g)).toBeNull();
    expect(valid.code).toBe(0);
    await rm(file);
    await narrow('lock');
    expect(effects(world)).not.toContain('cloudformation:CreateChangeSet');
  });

  it('never overwrites a file, nor writes a second manifest of one name', async () => {
    await narrow('add lambda-janitor --name tidy');
    const file = join(world.folder, 'applications/tidy.yaml');
    const before = await readFile(file, 'utf8');
    expect(before).toContain('  description: ');
    expect(before).not.toContain('Stand-in');
    const again = await narrow('add lambda-janitor --name tidy');
    expect([again.code, again.stdout]).toEqual([1, expect.stringContaining('error[EK4105]')]);
    const other = await narrow('add lambda-janitor --name other --file applications/tidy.yaml');
    expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('error[EK4106]')]);
    const locked = await narrow('add lambda-janitor --name janitor');
    expect(locked.stdout).toContain('there is a manifest ServerlessApplication/janitor already');
    expect(await readFile(file, 'utf8')).toBe(before);
    await rm(file);
  });

  it('writes the new name of a block that was renamed, and says so', async () => {
    const { code, stdout } = await narrow('add aws-events-rule-lambda');
    expect(code).toBe(0);
    expect(stdout).toContain('warning[EK4104]: aws-events-rule-lambda is called aws-eventbridge-lambda now');
    const file = join(world.folder, 'constructs/eventbridge-lambda.yaml');
    const text = await readFile(file, 'utf8');
    expect(text).toContain('construct: aws-eventbridge-lambda\n');
    expect(text).toContain('docs/reference/construct-props.md');
    expect(text).not.toContain('defaults');
    await rm(file);
  });

  it('writes one ARN and version for each partition that the repository has an installation in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-add-'));
    const govCloud = CONTROLLER.replace('name: evenkeel', 'name: gov')
      .replace('partition: aws', 'partition: aws-us-gov')
      .replace('us-east-1', 'us-gov-west-1');
    await writeFile(join(folder, 'controllers.yaml'), `${CONTROLLER}---\n${govCloud}`);
    const { code } = await narrow(
      `add SecretsManagerRDSPostgreSQLRotationSingleUser --offline --path ${folder} --file rotation.yaml`,
    );
    expect(code).toBe(0);
    await expect(await readFile(join(folder, 'rotation.yaml'), 'utf8')).toMatchFileSnapshot(
      'golden/added-in-two-partitions.yaml',
    );
    await rm(folder, { recursive: true });
  });
});
