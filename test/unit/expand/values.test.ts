import { describe, expect, test } from 'vitest';
import { expand } from '../../../src/organization/expand.js';
import type { Desired } from '../../../src/model/desired.js';
import { controller, manifest, organizationOf, override, selector } from './organization-tree.js';

const organization = organizationOf([
  { id: '111111111111', name: 'audit', path: '/Security', tags: { vpc: 'vpc-1' } },
  { id: '222222222222', name: 'prod', path: '/Prod', tags: { vpc: 'vpc-2' } },
  { id: '333333333333', name: 'bare', path: '/Prod' },
]);

const values = (more: Partial<Desired>, accounts: readonly string[] = ['audit', 'prod']) => {
  const desired = manifest('a', [selector({ accounts })], more);
  const { deployments, diagnostics } = expand([desired], organization, controller, { type: 'all' });
  const all = deployments.get('Stack/a')!;
  return {
    parameters: all.map((d) => d.parameters),
    overridden: all.map((d) => d.overridden),
    tags: all.map((d) => d.tags),
    diagnostics,
  };
};

describe('references', () => {
  test('facts of the target differ from instance to instance, and count as overridden', () => {
    const { parameters, overridden } = values({
      parameters: { Where: '${account.name}/${account.id}/${region}', Vpc: '${account.tags.vpc}', Plain: 'x' },
    });
    expect(parameters[0]).toEqual({ Where: 'audit/111111111111/us-east-1', Vpc: 'vpc-1', Plain: 'x' });
    expect(overridden[0]).toEqual(['Where', 'Vpc']);
  });

  test('facts of the installation are the same everywhere', () => {
    const { parameters, overridden } = values({
      parameters: { A: '${organization.id} ${managementAccount.id} ${partition} ${dnsSuffix}' },
    });
    expect(parameters[1]).toEqual({ A: 'o-abcdefghij 999999999999 aws amazonaws.com' });
    expect(overridden).toEqual([[], []]);
  });

  test('an escaped reference and a dynamic reference come out as text', () => {
    const { parameters, overridden } = values({
      parameters: { A: '$${region} $$${region}', B: '{{resolve:secretsmanager:db:SecretString:password}}' },
    });
    expect(parameters[0]).toEqual({
      A: '${region} $${region}',
      B: '{{resolve:secretsmanager:db:SecretString:password}}',
    });
    expect(overridden[0]).toEqual([]);
  });

  test('tags are resolved too', () => {
    expect(values({ tags: { owner: 'team-${account.name}', fixed: '1' } }).tags).toEqual([
      { owner: 'team-audit', fixed: '1' },
      { owner: 'team-prod', fixed: '1' },
    ]);
  });

  test('accounts that lack a tag are named in one error for each reference', () => {
    const { diagnostics } = values({ parameters: { Vpc: 'x-${account.tags.vpc}' } }, ['audit', 'bare']);
    expect(diagnostics.map(({ code, message, place }) => `${code} ${place?.source} ${message}`)).toEqual([
      'EK3008 spec.parameters.Vpc ${account.tags.vpc} has no value in account 333333333333 (bare)',
    ]);
  });

  test('an override spares the account that lacks the tag', () => {
    const overrides = [override({ accounts: ['bare'] }, { Vpc: 'vpc-0' })];
    expect(values({ parameters: { Vpc: '${account.tags.vpc}' }, overrides }, ['audit', 'bare']).diagnostics).toEqual(
      [],
    );
  });
});

describe('overrides', () => {
  test('the last one that matches wins, key by key', () => {
    const overrides = [
      override({ organizationalUnits: ['/Prod'] }, { A: 'prod', B: 'prod' }),
      override({ regions: ['us-east-1'] }, { B: 'east' }),
      override({ regions: ['us-west-2'] }, { A: 'west' }),
    ];
    const { parameters, overridden } = values({ parameters: { A: '1', B: '2', C: '3' }, overrides });
    expect(parameters).toEqual([
      { A: '1', B: 'east', C: '3' },
      { A: 'prod', B: 'east', C: '3' },
    ]);
    expect(overridden).toEqual([['B'], ['A', 'B']]);
  });

  test('a value that an override repeats is not overridden, one that only an override has is', () => {
    const overrides = [override({ all: true }, { A: '1', D: '4' })];
    const { parameters, overridden } = values({ parameters: { A: '1' }, overrides });
    expect(parameters[0]).toEqual({ A: '1', D: '4' });
    expect(overridden[0]).toEqual(['D']);
  });

  test('a constant over a value that varies is overridden', () => {
    const overrides = [override({ accounts: ['prod'] }, { A: 'fixed' })];
    expect(values({ parameters: { A: '${region}' }, overrides }).overridden).toEqual([['A'], ['A']]);
  });

  test('one that applies nowhere is a warning, and one for another partition is nothing', () => {
    const overrides = [
      override({ regions: ['eu-west-1'] }, { A: '2' }),
      override({ accounts: ['123456789012'], partitions: ['aws-us-gov'] }, { A: '3' }),
    ];
    const { diagnostics } = values({ parameters: { A: '1' }, overrides });
    expect(diagnostics.map(({ code, severity, place }) => `${code} ${severity} ${place?.source}`)).toEqual([
      'EK3009 warning spec.overrides.0.where',
    ]);
  });

  test('an organizational unit that does not exist is an error there too', () => {
    const overrides = [override({ organizationalUnits: ['/Prd'] }, { A: '2' })];
    const { diagnostics } = values({ overrides });
    expect(diagnostics.map(({ code, remedy }) => `${code} ${remedy}`)).toEqual(['EK3001 did you mean /Prod?']);
  });
});
