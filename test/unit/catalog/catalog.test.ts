import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  CATALOG,
  constructName,
  findEntry,
  searchCatalog,
  solutionAt,
  solutionTemplate,
} from '../../../src/catalog/catalog.js';
import { FEDRAMP_AS_OF, serviceOf } from '../../../src/catalog/fedramp.js';
import { PARTITIONS } from '../../../src/model/partitions.js';

const Version = z.string().regex(/^\d+\.\d+\.\d+$/);
const perPartition = <Value extends z.ZodType>(value: Value) => z.partialRecord(z.enum(PARTITIONS), value);
const Arn = z.string().regex(/^arn:(aws[a-z-]*):serverlessrepo:[a-z0-9-]+:\d{12}:applications\/[a-zA-Z0-9-]{1,140}$/);
const Folder = z.string().regex(/^https:\/\/[a-z0-9.-]+\.amazonaws\.com(\.cn)?\/[a-z0-9/-]*\{version\}\/$/);

/** As a manifest would have to write it. */
const Entry = z.object({
  id: z.string().regex(/^[A-Za-z0-9-]+$/),
  kind: z.enum(['ServerlessApplication', 'Solution', 'Construct']),
  name: z.string().min(1),
  manifestName: z.string().regex(/^[a-z][a-z0-9-]{0,50}$/),
  summary: z.string().regex(/^[A-Z].{20,150}\.$/),
  formerNames: z.array(z.string().min(1)),
  words: z.array(z.string().regex(/^[a-z0-9 ]+$/)),
  publisher: z.string().min(1),
  licence: z.string().min(1).nullable(),
  sourceCodeUrl: z.url({ protocol: /^https$/ }).nullable(),
  controls: z.array(z.string().regex(/^[A-Z]{2}-\d{1,2}(\(\d{1,2}\))?$/)),
  notes: z.array(z.string().regex(/^[A-Z].*\.$/i)),
  source: z.discriminatedUnion('type', [
    z.object({
      type: z.literal('serverless-application'),
      application: perPartition(Arn),
      versions: perPartition(Version),
    }),
    z.object({
      type: z.literal('solution'),
      solution: z.string().regex(/^SO\d{4}$/),
      version: z.string().regex(/^v\d+\.\d+\.\d+$/),
      main: z.string(),
      parts: z.record(
        z.string().regex(/^[a-z][a-z0-9-]{0,62}$/),
        z.string().regex(/^([a-z]+\/)?[A-Za-z0-9-]+\.template$/),
      ),
      folders: perPartition(Folder),
    }),
    z.looseObject({ type: z.literal('construct'), construct: z.string().regex(/^aws-[a-z0-9-]{1,100}$/) }),
  ]),
});

describe('the curated index', () => {
  it.each(CATALOG.map((entry) => [entry.id, entry] as const))('%s fits what a manifest may write', (_, entry) => {
    expect(Entry.safeParse(entry).error).toBeUndefined();
  });

  it('calls no two blocks by one name, former names included, whatever their case', () => {
    const names = CATALOG.flatMap(({ id, name, formerNames }) => [...new Set([id, name, ...formerNames])]);
    const lower = names.map((name) => name.toLowerCase());
    expect(lower.filter((name, index) => lower.indexOf(name) !== index)).toEqual([]);
    const manifests = CATALOG.map(({ kind, manifestName }) => `${kind}/${manifestName}`);
    expect(new Set(manifests).size).toBe(manifests.length);
  });

  it('names an ARN only in its own partition, and a living successor of all that is retired', () => {
    for (const { id, source, state } of CATALOG) {
      if (source.type === 'serverless-application')
        for (const [partition, arn] of Object.entries(source.application))
          expect([id, arn.split(':')[1]]).toEqual([id, partition]);
      if (source.type === 'solution') expect(Object.keys(source.parts)).toContain(source.main);
      if (state.type === 'retired') expect(findEntry(state.instead)?.entry.state.type).toBe('current');
    }
  });

  it('has every block that the rotation family has: single and multi user of each database', () => {
    const ids = CATALOG.map(({ id }) => id);
    for (const engine of ['RDSMySQL', 'RDSPostgreSQL', 'RDSOracle', 'RDSSQLServer', 'Redshift', 'MongoDB'])
      for (const users of ['SingleUser', 'MultiUser']) expect(ids).toContain(`SecretsManager${engine}Rotation${users}`);
  });
});

describe('a look-up', () => {
  it('of nothing, of a stranger and of a name from Object.prototype finds nothing', () => {
    for (const text of ['', ' ', 'SO9999', 'constructor', '__proto__', 'aws-', 'arn:aws:serverlessrepo:::'])
      expect(findEntry(text)).toBeNull();
    expect(solutionTemplate('SO0111', 'constructor', 'v3.1.5', 'aws').type).toBe('unknown-part');
  });

  it.each([
    ['SO0009', 'SO8025', true],
    ['aws centralized logging', 'SO8025', true],
    ['SHARR', 'SO0111', true],
    ['AWS WAF Security Automations', 'SO0006', true],
    ['so0111', 'SO0111', false],
    ['aws-events-rule-step-function', 'aws-eventbridge-stepfunctions', true],
    ['@aws-solutions-constructs/aws-eventbridge-lambda', 'aws-eventbridge-lambda', false],
    [
      'arn:aws-us-gov:serverlessrepo:us-gov-west-1:023102451235:applications/SecretsManagerRedshiftRotationMultiUser',
      'SecretsManagerRedshiftRotationMultiUser',
      false,
    ],
  ])('of %s finds %s', (text, id, formerName) => {
    expect(findEntry(text)).toMatchObject({ entry: { id }, formerName });
  });

  it('by words finds what has them all, and what is named so first', () => {
    expect(searchCatalog([])).toHaveLength(CATALOG.length);
    expect(searchCatalog(['rotation', 'POSTGRES', 'multi']).map(({ id }) => id)).toEqual([
      'SecretsManagerRDSPostgreSQLRotationMultiUser',
    ]);
    expect(searchCatalog(['sharr']).map(({ id }) => id)).toEqual(['SO0111']);
    expect(searchCatalog(['logging'])[0]?.id).toBe('SO8025');
    expect(searchCatalog(['IR-4(1)', 'lambda']).map(({ id }) => id)).toEqual(['aws-eventbridge-lambda']);
    expect(searchCatalog(['there is no such block'])).toEqual([]);
  });
});

describe('a template of a solution', () => {
  it.each([
    [
      'SO0111',
      null,
      'v3.1.5',
      'aws',
      'https://solutions-reference.s3.amazonaws.com/automated-security-response-on-aws/v3.1.5/automated-security-response-admin.template',
    ],
    [
      'SO0111',
      'member-roles',
      '3.1.5',
      'aws-us-gov',
      'https://s3.us-gov-west-1.amazonaws.com/solutions-reference-us-gov/automated-security-response-on-aws/v3.1.5/automated-security-response-member-roles.template',
    ],
    [
      'SO0111',
      'cis140-member-playbook',
      'v3.1.5',
      'aws-cn',
      'https://s3.cn-north-1.amazonaws.com.cn/solutions-reference-cn/automated-security-response-on-aws/v3.1.5/playbooks/CIS140MemberStack.template',
    ],
    [
      'SO8025',
      'cross-account',
      'v2.4.7',
      'aws',
      'https://solutions-reference.s3.amazonaws.com/centralized-logging-with-opensearch/v2.4.7/CrossAccount.template',
    ],
  ] as const)('%s %s %s in %s has its address', (solution, part, version, partition, url) => {
    expect(solutionTemplate(solution, part, version, partition)).toMatchObject({
      type: 'found',
      url,
      renamedFrom: null,
    });
    expect(solutionAt(url)?.id).toBe(solution);
  });

  it('that there is not says what there is', () => {
    expect(solutionTemplate('SO0011', null, 'v1.0.0', 'aws')).toEqual({ type: 'unknown-solution', nearest: 'SO0111' });
    expect(solutionTemplate('SO0111', 'membr', 'v3.1.5', 'aws')).toMatchObject({
      type: 'unknown-part',
      nearest: 'member',
    });
    expect(solutionTemplate('SO0006', null, 'v4.1.3', 'aws-us-gov')).toEqual({
      type: 'not-in-partition',
      partitions: ['aws'],
    });
    expect(solutionTemplate('SO0009', null, 'v2.4.7', 'aws')).toMatchObject({ type: 'found', renamedFrom: 'SO0009' });
    expect(solutionAt('https://example.com/automated-security-response-on-aws/v3.1.5/x.template')).toBeNull();
  });
});

it('the name of a construct is current, renamed, retired with its successor, or unknown with what was meant', () => {
  expect(constructName('aws-eventbridge-lambda')).toEqual({ type: 'current', name: 'aws-eventbridge-lambda' });
  expect(constructName('aws-events-rule-lambda')).toEqual({ type: 'renamed', name: 'aws-eventbridge-lambda' });
  expect(constructName('aws-kinesisfirehose-s3-and-kinesisanalytics')).toMatchObject({
    type: 'retired',
    instead: 'aws-kinesisfirehose-s3',
  });
  expect(constructName('aws-eventbrige-lambda')).toMatchObject({ type: 'unknown', nearest: 'aws-eventbridge-lambda' });
  expect(constructName('SO0111').type).toBe('unknown');
});

it("a service that nobody has looked up is unknown, and a custom resource is nobody's service", () => {
  expect(FEDRAMP_AS_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  expect(serviceOf('AWS::Lambda::Function')).toEqual({ service: 'AWS Lambda', fedramp: 'high' });
  expect(serviceOf('AWS::Serverless::Function')).toEqual({ service: 'AWS Lambda', fedramp: 'high' });
  expect(serviceOf('AWS::CloudFront::Distribution')).toEqual({ service: 'Amazon CloudFront', fedramp: 'moderate' });
  expect(serviceOf('AWS::Brandnew::Thing')).toEqual({ service: 'AWS::Brandnew', fedramp: 'unknown' });
  expect(serviceOf('AWS::constructor::Thing')).toEqual({ service: 'AWS::constructor', fedramp: 'unknown' });
  for (const type of ['Custom::Thing', 'AWS::CloudFormation::CustomResource', 'AWS::CDK::Metadata', 'Vendor::A::B'])
    expect(serviceOf(type)).toBeNull();
});
