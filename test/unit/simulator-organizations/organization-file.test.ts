import { CloudFormationClient, DescribeStacksCommand, GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { ListRootsCommand } from '@aws-sdk/client-organizations';
import { describe, expect, it } from 'vitest';
import { readOrganizationFile } from '../../../src/simulator/organizations/organization-file.js';
import { organizationWorld } from './organization.js';

const SOURCE = `
managementAccount: { id: "111111111111", name: payer }
units: [{ path: /A/B }]
accounts:
  - { id: "222222222222", name: one, unit: /A/B, tags: { owner: x }, roles: [special] }
  - { id: "333333333333", name: two, unit: /, state: SUSPENDED }
roles: [everywhere, { name: guarded, externalId: secret }]
trustedServices: [config.amazonaws.com]
delegatedAdministrators: [{ account: "222222222222", service: config.amazonaws.com }]
`;

describe('an organization on disk', () => {
  it('becomes the simulated one', () => {
    const { organization } = organizationWorld({ organization: readOrganizationFile(SOURCE) });
    expect(organization.managementAccountId).toBe('111111111111');
    const [outer, inner] = [...organization.units.values()];
    expect([outer, inner]).toMatchObject([
      { name: 'A', parentId: organization.rootId },
      { name: 'B', parentId: outer!.id },
    ]);
    const one = organization.accounts.get('222222222222')!;
    expect(one).toMatchObject({ parentId: inner!.id, state: 'ACTIVE' });
    expect([...one.roles]).toEqual([
      ['OrganizationAccountAccessRole', null],
      ['everywhere', null],
      ['guarded', 'secret'],
      ['special', null],
    ]);
    expect(organization.accounts.get('333333333333')).toMatchObject({
      parentId: organization.rootId,
      state: 'SUSPENDED',
    });
    expect(organization.delegatedAdministrators.get('222222222222')).toEqual(new Set(['config.amazonaws.com']));
  });

  it('may be JSON as well', () => {
    const { managementAccount } = readOrganizationFile(
      '{"managementAccount":{"id":"111111111111","name":"payer"},"units":[],"accounts":[]}',
    );
    expect(managementAccount.name).toBe('payer');
  });

  it('that is wrong is refused with everything that is wrong with it', () => {
    const read = () =>
      readOrganizationFile(
        'managementAccount: { id: 111111111111, name: payer }\nunits: [{ path: A }]\naccounts: []\nextra: 1',
      );
    expect(read).toThrow(/managementAccount\.id[\s\S]*units\[0\]\.path|units\[0\]\.path[\s\S]*managementAccount\.id/);
    expect(read).toThrow(/extra/);
  });

  it.each([
    ['a unit that is not there', SOURCE.replace('unit: /A/B', 'unit: /C'), /222222222222 is in the unit \/C/],
    ['an account twice', SOURCE.replace('333333333333', '222222222222'), /222222222222 is listed twice/],
    [
      'an administrator that is not there',
      SOURCE.replace('account: "222222222222"', 'account: "444444444444"'),
      /444444444444 is not among/,
    ],
  ])('that names %s is refused', (_what, source, message) => {
    expect(() => organizationWorld({ organization: readOrganizationFile(source) })).toThrow(message);
  });

  it('says in which form it is, and another one is not guessed at', () => {
    const json = (version: number): string => JSON.stringify({ formatVersion: version, ...EMPTY });
    expect(readOrganizationFile(json(1)).formatVersion).toBe(1);
    expect(() => readOrganizationFile(json(2))).toThrow(
      'the organization file has the format version 2, and this Evenkeel reads version 1: ' +
        'read it with the Evenkeel that wrote it, or write it again with "evenkeel snapshot"',
    );
  });

  it('that is JSON broken off is not read as YAML, which would take minutes', () => {
    const long = `{"managementAccount": {"id": "111111111111", "name": "${'x'.repeat(1_000_000)}`;
    expect(() => readOrganizationFile(long)).toThrow(/is not whole JSON/);
  });
});

const EMPTY = { managementAccount: { id: '111111111111', name: 'payer' }, units: [], accounts: [] };
const STACK_ID = 'arn:aws:cloudformation:us-east-1:222222222222:stack/one/1';
const stack = { id: STACK_ID, status: 'CREATE_COMPLETE', createdAt: '2026-01-01T00:00:00.000Z', template: 'queue' };
const withPlaces = (places: unknown, more: object = {}): string =>
  JSON.stringify({
    ...EMPTY,
    accounts: [{ id: '222222222222', name: 'one', unit: '/' }],
    templates: { queue: 'Resources: { Queue: { Type: AWS::SQS::Queue } }' },
    places,
    ...more,
  });
const at = (region: string, ...stacks: readonly object[]) => ({ account: '222222222222', region, stacks });

describe('an organization that was read', () => {
  it('keeps its ids, its times and who read it', () => {
    const { organization, simulator } = organizationWorld({
      organization: readOrganizationFile(
        JSON.stringify({
          formatVersion: 1,
          takenAt: '2031-05-05T00:00:00.000Z',
          partition: 'aws-us-gov',
          organizationId: 'o-fromafile00',
          rootId: 'r-file',
          controller: '222222222222',
          managementAccount: { id: '111111111111', name: 'payer', unit: '/A' },
          units: [
            { path: '/A', id: 'ou-file-00000001' },
            { path: '/A/B/C', id: 'ou-file-00000002', name: 'B/C' },
            { path: '/A/B/C/D', id: 'ou-file-00000003' },
          ],
          accounts: [
            {
              id: '222222222222',
              name: 'one',
              email: 'one@example.org',
              unit: '/A/B/C/D',
              joinedAt: '2020-01-02T03:04:05.006Z',
              roles: ['plain', { name: 'guarded', externalId: 'secret' }],
            },
          ],
        }),
      ),
    });
    expect([organization.organizationId, organization.rootId]).toEqual(['o-fromafile00', 'r-file']);
    expect([...organization.units.values()].map(({ id, name, parentId }) => [id, name, parentId])).toEqual([
      ['ou-file-00000001', 'A', 'r-file'],
      ['ou-file-00000002', 'B/C', 'ou-file-00000001'],
      ['ou-file-00000003', 'D', 'ou-file-00000002'],
    ]);
    const one = organization.accounts.get('222222222222')!;
    expect(one).toMatchObject({
      email: 'one@example.org',
      parentId: 'ou-file-00000003',
      joinedAt: new Date('2020-01-02T03:04:05.006Z'),
    });
    expect([...one.roles].slice(1)).toEqual([
      ['plain', null],
      ['guarded', 'secret'],
    ]);
    expect(organization.accounts.get('111111111111')!.parentId).toBe('ou-file-00000001');
    expect(simulator.world.partition).toBe('aws-us-gov');
    expect(simulator.world.clock.now()).toEqual(new Date('2031-05-05T00:00:00.000Z'));
  });

  it('may be read by its controller, as a delegation policy allows', async () => {
    const world = (more: object) =>
      organizationWorld({ organization: readOrganizationFile(withPlaces([], more)) }).as('222222222222');
    await expect(world({}).send(new ListRootsCommand({}))).rejects.toThrow(/permissions/);
    expect((await world({ controller: '222222222222' }).send(new ListRootsCommand({}))).Roots).toHaveLength(1);
  });

  it('has stacks whose templates the simulator does not understand, with what was seen of them', () => {
    const { simulator } = organizationWorld({
      organization: readOrganizationFile(
        withPlaces(
          [
            at('us-east-1', {
              ...stack,
              template: 'macro',
              parameters: { Password: '****' },
              outputs: [{ key: 'Url', value: 'https://example.org' }],
            }),
          ],
          { templates: { macro: 'Transform: SomebodysOwnMacro\nResources: { A: { Type: Whatever } }' } },
        ),
      ),
    });
    expect(simulator.world.stacks.find('222222222222', 'us-east-1', 'one')).toMatchObject({
      stackId: STACK_ID,
      parameters: { Password: '****' },
      outputs: { Url: 'https://example.org' },
    });
  });

  it('has templates that nobody could read, and says so again', async () => {
    const { simulator } = organizationWorld({
      organization: readOrganizationFile(
        withPlaces([at('us-east-1', { ...stack, template: { code: 'AccessDenied', message: 'not this one' } })]),
      ),
    });
    const client = new CloudFormationClient({
      region: 'us-east-1',
      credentials: simulator.credentials('222222222222'),
      requestHandler: simulator.requestHandler,
    });
    expect((await client.send(new DescribeStacksCommand({}))).Stacks).toHaveLength(1);
    await expect(client.send(new GetTemplateCommand({ StackName: 'one' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'not this one',
    });
  });

  it.each([
    [
      'a template that is not there',
      [at('us-east-1', { ...stack, template: 'topic' })],
      /has the template topic, which/,
    ],
    ['a stack where its id says that it is not', [at('us-west-2', stack)], /stands in 222222222222\/us-west-2, and/],
    ['a stack twice', [at('us-east-1', stack, stack)], /stack\/one\/1 is in the file twice/],
    ['a place twice', [at('us-east-1'), at('us-east-1')], /222222222222\/us-east-1 is among the places twice/],
    ['an account that is not there', [{ ...at('us-east-1'), account: '333333333333' }], /not among the accounts/],
    ['a member that nobody knows', [at('us-east-1', { ...stack, colour: 'red' })], /colour/],
    ['a stack by its name alone', [at('us-east-1', { ...stack, id: 'one' })], /whole StackId/],
    ['neither stacks nor a reason', [{ account: '222222222222', region: 'us-east-1' }], /places\[0\]/],
  ])('that names %s is refused', (_what, places, message) => {
    expect(() => readOrganizationFile(withPlaces(places))).toThrow(message);
  });
});
