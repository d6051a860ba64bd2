import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import type { Report } from '../../src/reconciler/outcome.js';
import { effects, HERE, typed } from '../support/command-line.js';
import { corpusTemplates, corpusTitle, hasCorpus } from '../support/corpus.js';
import { accountId, createWorld, smallOrganization, type World } from '../support/world.js';

const REGION = 'us-east-1';
const texts = new Map(corpusTemplates().map(({ path, text }) => [path, text]));
const reference = (path: string): string => `https://solutions-reference.s3.amazonaws.com/${path}`;

const WAF = 'security-automations-for-aws-waf/v4.0.4';
const LOGGING = 'centralized-logging/v3.2.0';
/** What the snapshots of the project's own tests were made with. */
const RESPONSE_ADMIN = 'automated-security-response-on-aws/v1.0.0';
const RESPONSE_MEMBER = 'automated-security-response-on-aws/v3.1.5';

/** What the publisher's build puts into a text. */
const built = (corpus: string, edits: readonly (readonly [RegExp, string])[]): string =>
  edits.reduce((text, [from, to]) => text.replaceAll(from, to), texts.get(corpus) ?? '');
const wafBuilt = (part: string): string =>
  built(`aws-waf-security-automations/aws-waf-security-automations${part}.template`, [
    [/%TEMPLATE_OUTPUT_BUCKET%/g, 'solutions-reference'],
    [/%DIST_OUTPUT_BUCKET%/g, 'solutions'],
    [/%SOLUTION_NAME%/g, 'security-automations-for-aws-waf'],
    [/%VERSION%/g, 'v4.0.4'],
  ]);
const loggingBuilt = (part: string): string =>
  built(`centralized-logging-v3/centralized-logging-${part}.template`, [
    [/%%BUCKET_NAME%%/g, 'solutions'],
    [/%%SOLUTION_NAME%%/g, 'centralized-logging'],
    [/%%VERSION%%/g, 'v3.2.0'],
    // With which no function can be created any more.
    [/nodejs12\.x/g, 'nodejs22.x'],
  ]);
const responseBuilt = (file: string): string =>
  built(`automated-security-response-on-aws/${file}.template.json`, [
    [/sharrbukkit/g, 'solutions'],
    [/my-solution-tmn\/v9\.9\.9/g, RESPONSE_MEMBER],
    [/solutions-eu-west-1/g, 'solutions-us-east-1'],
  ]);

type NestedStack = {
  /** Where its template is, below the folder of the version, with a slash before it. */
  readonly file: string;
  readonly parameters: readonly string[];
  readonly outputs: readonly string[];
};

/** Of our own making, for what the corpus does not have: it takes whatever its parent gives it, and gives whatever that asks for. */
function standIn({ parameters, outputs }: Omit<NestedStack, 'file'> = { parameters: [], outputs: [] }): string {
  return JSON.stringify({
    Description: 'A stand-in for a nested template',
    Parameters: Object.fromEntries(parameters.map((name) => [name, { Type: 'String', Default: '' }])),
    Resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } },
    Outputs: Object.fromEntries(outputs.map((name) => [name, { Value: { Ref: 'Topic' } }])),
  });
}

type Resource = {
  readonly Type: string;
  readonly Properties: {
    readonly TemplateURL: { readonly 'Fn::Join': readonly [string, readonly unknown[]] };
    readonly Parameters?: object;
  };
};

function nestedIn(text: string): readonly NestedStack[] {
  const { Resources } = JSON.parse(text) as { readonly Resources: Readonly<Record<string, Resource>> };
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === 'AWS::CloudFormation::Stack')
    .map(([logicalId, { Properties }]) => ({
      file: String(Properties.TemplateURL['Fn::Join'][1].at(-1)),
      parameters: Object.keys(Properties.Parameters ?? {}),
      outputs: [...text.matchAll(new RegExp(`"${logicalId}",\\s*"Outputs\\.(\\w+)"`, 'g'))].map(([, name]) => name!),
    }));
}

type Block = {
  readonly name: string;
  readonly template: string;
  readonly version: string;
  readonly acknowledge?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly accounts: readonly string[];
};
const ALL_CAPABILITIES = ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_NAMED_IAM'];

function manifestOf({ name, template, version, accounts, ...block }: Block): Readonly<Record<string, string>> {
  const spec = {
    template: reference(template),
    version,
    parameters: block.parameters ?? {},
    acknowledge: block.acknowledge ?? ALL_CAPABILITIES,
    targets: [{ accounts, regions: [REGION] }],
    ...block.more,
  };
  // JSON is YAML.
  const manifest = { apiVersion: 'evenkeel/v1', kind: 'Solution', metadata: { name }, spec };
  return { [`${name}.yaml`]: JSON.stringify(manifest, null, 2) };
}

const MEMBERS = { Namespace: 'evenkeel', SecHubAdminAccount: '111122223333' };
const BLOCKS: readonly Block[] = [
  {
    name: 'waf',
    template: `${WAF}/aws-waf-security-automations.template`,
    version: 'v4.0.4',
    parameters: { AppAccessLogBucket: 'app-access-logs' },
    accounts: ['a1'],
  },
  {
    name: 'logging-primary',
    template: `${LOGGING}/centralized-logging-primary.template`,
    version: 'v3.2.0',
    parameters: {
      DomainAdminEmail: 'security@example.com',
      CognitoAdminEmail: 'security@example.com',
      SpokeAccounts: '111122223333,444455556666',
    },
    accounts: ['a1'],
  },
  {
    name: 'logging-spoke',
    template: `${LOGGING}/centralized-logging-spoke.template`,
    version: 'v3.2.0',
    parameters: {
      ESDomain: 'search-logs.us-east-1.es.amazonaws.com',
      MasterRole: 'arn:aws:iam::111122223333:role/logging-master',
    },
    more: { via: 'stack-set', permissionModel: 'self-managed' },
    accounts: ['a2', 'a3'],
  },
  {
    name: 'response-admin',
    template: `${RESPONSE_ADMIN}/automated-security-response-admin.template`,
    version: 'v1.0.0',
    parameters: { AdminUserEmail: 'security@example.com' },
    accounts: ['a2'],
  },
  {
    name: 'response-member',
    template: `${RESPONSE_MEMBER}/automated-security-response-member.template`,
    version: 'v3.1.5',
    parameters: { ...MEMBERS, LogGroupName: 'trail' },
    more: { via: 'stack-set', permissionModel: 'self-managed' },
    accounts: ['a3', 'a4'],
  },
  {
    name: 'response-member-roles',
    template: `${RESPONSE_MEMBER}/automated-security-response-member-roles.template`,
    version: 'v3.1.5',
    parameters: MEMBERS,
    acknowledge: ['CAPABILITY_NAMED_IAM'],
    more: {
      via: 'stack-set',
      permissionModel: 'service-managed',
      callAs: 'delegated-admin',
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
      targets: [{ organizationalUnits: ['/Workloads/Prod'], regions: [REGION] }],
    },
    accounts: [],
  },
];

/** Everything that the publishers have, at its real address. */
function publish(world: World): void {
  const put = (bucket: string, key: string, text: string): void =>
    world.simulator.world.objects.put(bucket, key, new TextEncoder().encode(text));
  const inReference = (key: string, text: string): void => put('solutions-reference', key, text);

  for (const part of ['', '-webacl', '-firehose-athena'])
    inReference(`${WAF}/aws-waf-security-automations${part}.template`, wafBuilt(part));
  const zips = [
    'helper',
    'log_parser',
    'ip_retention_handler',
    'reputation_lists_parser',
    'access_handler',
    'custom_resource',
    'timer',
  ];
  for (const name of zips) put(`solutions-${REGION}`, `${WAF}/${name}.zip`, `the code of ${name}`);

  for (const part of ['primary', 'spoke'])
    inReference(`${LOGGING}/centralized-logging-${part}.template`, loggingBuilt(part));
  inReference(`${LOGGING}/centralized-logging-demo.template`, standIn());
  for (const name of ['clog-auth', 'clog-indexing-service']) put(`solutions-${REGION}`, `${LOGGING}/${name}.zip`, name);

  for (const [folder, file] of [
    [RESPONSE_ADMIN, 'admin'],
    [RESPONSE_MEMBER, 'member'],
  ] as const) {
    const text = responseBuilt(file);
    inReference(`${folder}/automated-security-response-${file}.template`, text);
    for (const nested of nestedIn(text)) inReference(`${folder}${nested.file}`, standIn(nested));
    for (const [, name] of text.matchAll(/\/(lambda\/\w+\.zip)"/g))
      put(`solutions-${REGION}`, `${folder}/${name}`, `${name}`);
  }
  inReference(`${RESPONSE_ADMIN}/playbooks/SCStack.template`, responseBuilt('SC-admin'));
  inReference(
    `${RESPONSE_ADMIN}/automated-security-response-orchestrator-log.template`,
    responseBuilt('orchestrator-log'),
  );
  inReference(
    `${RESPONSE_MEMBER}/automated-security-response-member-roles.template`,
    responseBuilt('member-roles-global'),
  );
}

describe.skipIf(!hasCorpus)(corpusTitle('the real solutions, from their addresses to what stands'), () => {
  let world: World;
  let report: Report;
  beforeAll(async () => {
    world = await createWorld({ organization: smallOrganization(4), files: {} });
    publish(world);
    for (const block of BLOCKS) await world.write(manifestOf(block));
  });
  afterAll(() => world?.close());

  it('are not planned before they are locked', async () => {
    const { stdout, code } = await typed(world, `plan ${HERE}`);
    expect(code).toBe(3);
    expect(stdout.match(/error\[EK4011\]/g)).toHaveLength(BLOCKS.length);
  });

  it('are locked, to the same bytes each time, and `lock --check` agrees', async () => {
    const { stdout, code } = await typed(world, 'lock --path desired-state');
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('error[')]);
    for (const { name } of BLOCKS) expect(stdout).toContain(`locked Solution/${name}`);
    // It is given the bucket in its environment.
    expect(stdout.match(/warning\[EK\d+\].* names/g)).toEqual([
      'warning[EK4052]: resource RemediationConfigProvider0B1658AD names',
    ]);
    const lock = await readFile(join(world.folder, 'evenkeel.lock.yaml'), 'utf8');
    expect((await typed(world, 'lock --path desired-state --all')).code).toBe(0);
    expect(await readFile(join(world.folder, 'evenkeel.lock.yaml'), 'utf8')).toBe(lock);
    expect((await typed(world, 'lock --path desired-state --check')).code).toBe(0);
  }, 60_000);

  it('have nothing in their locked files that names a bucket of their publisher as the place of code or templates', async () => {
    for (const { name } of BLOCKS) {
      const text = await readFile(join(world.folder, `.locked/Solution/${name}/aws/template.json`), 'utf8');
      const { Resources } = JSON.parse(text) as {
        readonly Resources: Record<string, { Properties?: Record<string, unknown> }>;
      };
      for (const { Properties = {} } of Object.values(Resources)) {
        const places = JSON.stringify([Properties['Code'], Properties['Content'], Properties['TemplateURL']]);
        expect(places).not.toMatch(/SourceCode|solutions-/);
      }
    }
  });

  it('all stand after one reconcile that asks no publisher for anything', async () => {
    for (const { template } of BLOCKS) world.simulator.world.objects.remove('solutions-reference', template);
    world.simulator.calls.reset();
    report = await world.reconcile();
    expect(report.run?.changes.filter(({ result }) => result !== 'done')).toEqual([]);
    expect(report.exitCode).toBe(0);
    publish(world);
    const waf = await typesIn(world, accountId(1), 'evenkeel-waf');
    expect(waf.filter((type) => type === 'AWS::CloudFormation::Stack').length).toBeGreaterThan(0);
    expect(waf).toContain('AWS::Lambda::Function');
    expect(await typesIn(world, accountId(2), 'evenkeel-response-admin')).toContain('AWS::StepFunctions::StateMachine');
  }, 120_000);

  it('are left alone by the next reconcile', async () => {
    world.simulator.calls.reset();
    const again = await world.reconcile();
    expect(again.planned.plan).toMatchObject({ changes: [], drift: [], refusals: [] });
    expect([again.exitCode, effects(world)]).toEqual([0, []]);
  }, 60_000);

  it('are not what is locked any more once their publisher exchanges a nested template', async () => {
    const key = `${WAF}/aws-waf-security-automations-webacl.template`;
    world.simulator.world.objects.put(
      'solutions-reference',
      key,
      new TextEncoder().encode(`${wafBuilt('-webacl')}\n# other`),
    );
    expect((await typed(world, 'lock --path desired-state --check')).code).toBe(0);
    const other = wafBuilt('-webacl').replace('timer.zip', 'helper.zip');
    world.simulator.world.objects.put('solutions-reference', key, new TextEncoder().encode(other));
    const { stdout, code } = await typed(world, 'lock --path desired-state --check');
    expect(code).toBe(3);
    expect(stdout).toContain('error[EK4029]');
    expect(stdout).toContain('Solution/waf');
    publish(world);
  }, 60_000);

  it('are refused where a locked file is not the one that was locked', async () => {
    const path = join(world.folder, '.locked/Solution/waf/aws/template.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"Resources"', '"Resources" '));
    const { stdout, code } = await typed(world, `plan ${HERE}`);
    expect([code, stdout]).toEqual([3, expect.stringContaining('error[EK4015]')]);
    await writeFile(path, text);
    expect((await typed(world, `plan ${HERE}`)).code).toBe(0);
  }, 60_000);

  it('nest stacks, which a service-managed stack set does not take', async () => {
    const member = BLOCKS.find(({ name }) => name === 'response-member')!;
    await world.write(manifestOf({ ...member, more: { via: 'stack-set', permissionModel: 'service-managed' } }));
    const { stdout, code } = await typed(world, `plan ${HERE}`);
    expect(code).not.toBe(0);
    expect(stdout).toContain('nests stacks');
    await world.write(manifestOf(member));
  }, 60_000);
});

/** Types of a stack's resources, as the account's administrator sees them; all of them stand. */
async function typesIn(world: World, account: string, stack: string): Promise<readonly string[]> {
  const { simulator } = world;
  const client = new CloudFormationClient({
    region: REGION,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler,
  });
  const types: string[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stack }))
    for (const { ResourceType, ResourceStatus } of page.StackResourceSummaries ?? []) {
      expect(ResourceStatus).toBe('CREATE_COMPLETE');
      types.push(ResourceType ?? '');
    }
  return types;
}
