import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from 'vitest';
import { parseTemplate } from '../../src/model/template.js';
import { APPLY, effects, PLAN, typed } from '../support/command-line.js';
import {
  accountId,
  CONTROLLER,
  createWorld,
  queueTemplate,
  smallOrganization,
  stackManifest,
} from '../support/world.js';
import type { World } from '../support/world.js';

const HERE = 'targets: [{ accounts: [a1], regions: [us-east-1] }]';
const EVERYWHERE = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1, us-west-2] }]';
const ASKED = { env: { EVENKEEL_TEMPLATE_RULES: 'on' } };

const lambda = (runtime: string): string => `Resources:
  Clean:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: ${runtime}
      Handler: index.handler
      Role: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/cleaner
      Code: { ZipFile: "def handler(event, context): pass" }
`;
const ROLE = `# Who reads.
Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] }
  Queue: { Type: AWS::SQS::Queue }
`;

let world: World;
afterEach(() => world?.close());

const build = async (files: Readonly<Record<string, string>>, startAt?: Date): Promise<void> => {
  const organization = smallOrganization(2);
  world = await createWorld({ organization, files, ...(startAt === undefined ? {} : { startAt }) });
};

describe('before anything is deployed', () => {
  it('a runtime that is dead, a name that two targets share and one that grows too long stop every door', async () => {
    await build({
      'cleaner.yaml': stackManifest('cleaner', HERE).replace('queue.yaml', 'cleaner.yaml'),
      'templates/cleaner.yaml': lambda('python3.7'),
      'archive.yaml': stackManifest('archive', EVERYWHERE).replace('queue.yaml', 'archive.yaml'),
      'templates/archive.yaml': `Parameters: { Prefix: { Type: String, Default: archive } }
Resources:
  Archive: { Type: AWS::S3::Bucket, Properties: { BucketName: our-archive } }
  Reader:
    Type: AWS::IAM::Role
    Properties: { RoleName: !Sub "\${AWS::StackName}-a-reader-of-everything-in-\${AWS::Region}-in-\${AWS::AccountId}", AssumeRolePolicyDocument: {} }
`,
    });
    await world.write({
      'archive.yaml': stackManifest('archive', `${EVERYWHERE}\nacknowledge: [CAPABILITY_NAMED_IAM]`).replace(
        'queue.yaml',
        'archive.yaml',
      ),
    });
    const planned = await typed(world, PLAN);
    const applied = await typed(world, APPLY);
    expect([planned.code, applied.code]).toEqual([3, 3]);
    expect(effects(world).filter((call) => call.startsWith('cloudformation'))).toEqual([]);
    await expect(planned.stdout).toMatchFileSnapshot('golden/checks-refused.txt');
  });

  it('a block that stands is planned for as long as it stays: the end of its runtime is a warning then', async () => {
    await build(
      {
        'cleaner.yaml': stackManifest('cleaner', HERE).replace('queue.yaml', 'cleaner.yaml'),
        'templates/cleaner.yaml': lambda('python3.7'),
      },
      new Date('2023-01-01T00:00:00Z'),
    );
    const created = await world.reconcile();
    expect([created.exitCode, created.planned.diagnostics]).toEqual([0, []]);

    world.simulator.world.clock.advance(3 * 365 * 86_400);
    const settled = await world.reconcile();
    expect(settled.exitCode).toBe(0);
    expect(settled.planned.plan).toMatchObject({ changes: [], unchanged: 1 });
    expect(settled.planned.diagnostics).toMatchObject([{ code: 'EK5030', severity: 'warning' }]);

    await world.write({ 'cleaner.yaml': stackManifest('cleaner', EVERYWHERE).replace('queue.yaml', 'cleaner.yaml') });
    const widened = await world.plan();
    expect(widened.diagnostics).toMatchObject([{ code: 'EK5030', severity: 'warning' }]);
    expect(widened.plan?.changes).toHaveLength(3);
  });

  it('a boundary that the Controller demands is injected where the manifest says so, the plan shows it, and it stays', async () => {
    const spec = `${HERE}\nacknowledge: [CAPABILITY_IAM]`;
    await build({
      'controller.yaml': `${CONTROLLER}  permissionsBoundary: evenkeel-boundary\n`,
      'reader.yaml': stackManifest('reader', spec).replace('queue.yaml', 'reader.yaml'),
      'templates/reader.yaml': ROLE,
    });
    const refused = await world.plan();
    expect(refused.plan).toBeNull();
    expect(refused.diagnostics).toMatchObject([
      { code: 'EK5037', remedy: 'write transform: { permissionsBoundary: evenkeel-boundary }' },
    ]);

    const transform =
      'transform: { permissionsBoundary: evenkeel-boundary, rolePath: /evenkeel/, tags: { owner: security } }';
    await world.write({
      'reader.yaml': stackManifest('reader', `${spec}\n${transform}`).replace('queue.yaml', 'reader.yaml'),
    });
    const planned = await typed(world, PLAN);
    expect(planned.code).toBe(2);
    await expect(planned.stdout.replace(/Plan [0-9a-f]{8}|content-[0-9a-f]{12}/g, '…')).toMatchFileSnapshot(
      'golden/checks-injected.txt',
    );

    expect((await world.reconcile()).exitCode).toBe(0);
    const text = await templateOf('evenkeel-reader');
    expect(text).toContain('# Who reads.');
    expect(parseTemplate(text)).toMatchObject({
      document: {
        Resources: {
          Reader: {
            Properties: {
              PermissionsBoundary: {
                'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/evenkeel-boundary',
              },
              Path: '/evenkeel/',
              Tags: [{ Key: 'owner', Value: 'security' }],
            },
          },
          Queue: { Properties: { Tags: [{ Key: 'owner', Value: 'security' }] } },
        },
      },
    });
    expect((await world.reconcile()).planned.plan).toMatchObject({ changes: [], unchanged: 1 });
  });
});

describe("CloudFormation's own rules", () => {
  const broken = queueTemplate().replace('VisibilityTimeout', 'VisibiltyTimeout');

  it('warn offline, with the resource and the property, and stop nobody', async () => {
    await build({ 'queue.yaml': stackManifest('queue', HERE), 'templates/queue.yaml': broken });
    const validated = await typed(world, 'validate --path desired-state', ASKED);
    expect(validated.code).toBe(0);
    expect(validated.stdout).toContain('warning[EK5040]: resource Queue breaks rule');
    expect(validated.stdout).toContain('VisibiltyTimeout');
    expect(validated.stdout).toContain('--> desired-state/queue.yaml:5:13\n');
  }, 60_000);

  it('are asked of what is new, and not again of what stands', async () => {
    const lasting = queueTemplate().replace('Properties: {', 'Properties: { MessageRetentionPeriod: 1,');
    await build({ 'queue.yaml': stackManifest('queue', HERE), 'templates/queue.yaml': lasting });
    expect((await typed(world, PLAN, ASKED)).stdout).toContain('warning[EK5040]');
    expect((await typed(world, APPLY)).code).toBe(0);
    const settled = await typed(world, PLAN, ASKED);
    expect([settled.code, settled.stdout]).toEqual([0, expect.not.stringContaining('EK5040')]);
  }, 60_000);
});

async function templateOf(name: string): Promise<string> {
  const client = new CloudFormationClient({
    region: 'us-east-1',
    credentials: world.simulator.credentials(accountId(1)),
    requestHandler: world.simulator.requestHandler,
  });
  return (await client.send(new GetTemplateCommand({ StackName: name }))).TemplateBody ?? '';
}
