import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTemplateUse } from '../../../src/drivers/check.js';
import { violationOf } from '../../../src/drivers/parameter-rules.js';
import { rectangles } from '../../../src/drivers/stack-set-grid.js';
import { preferencesOf } from '../../../src/drivers/stack-set-preferences.js';
import { setValues } from '../../../src/drivers/stack-set-parameters.js';
import type { Artifact } from '../../../src/model/artifact.js';
import type { Deployment, Desired } from '../../../src/model/desired.js';
import type { AccountId, Region } from '../../../src/model/identifiers.js';
import { account } from '../../support/builders.js';
import { artifactOf, desiredOf, EAST, ONE, parameter, queueTemplate, TWO, WEST } from './driven-world.js';

const checked = (desired: Partial<Desired>, artifact: Partial<Artifact> = {}) =>
  checkTemplateUse(desiredOf(desired), artifactOf(queueTemplate(), artifact)).map((diagnostic) => diagnostic.code);

describe('what CloudFormation would refuse of a manifest', () => {
  test('a manifest that fits has nothing to answer for', () => {
    expect(checked({ parameters: { Delay: '3' } })).toEqual([]);
  });

  test('a parameter that the template does not have', () => {
    expect(checked({ parameters: { Dealy: '3' } })).toEqual(['EK5010']);
  });

  test('a parameter that the template lacks a default for, unless something sets it', () => {
    const parameters = { Name: parameter() };
    expect(checked({}, { parameters })).toEqual(['EK5011']);
    expect(checked({ overrides: [{ where: {}, parameters: { Name: 'x' } }] }, { parameters })).toEqual([]);
  });

  test('a literal for a NoEcho parameter, but no dynamic reference', () => {
    const parameters = { Secret: parameter({ noEcho: true }) };
    expect(checked({ parameters: { Secret: 'hunter2' } }, { parameters })).toEqual(['EK5013']);
    expect(checked({ parameters: { Secret: '{{resolve:secretsmanager:x}}' } }, { parameters })).toEqual([]);
    expect(
      JSON.stringify(
        checkTemplateUse(desiredOf({ parameters: { Secret: 'hunter2' } }), artifactOf(queueTemplate(), { parameters })),
      ),
    ).not.toContain('hunter2');
  });

  test('a value longer than 4,096 bytes, counted in bytes', () => {
    const parameters = { Text: parameter() };
    expect(checked({ parameters: { Text: 'é'.repeat(2048) } }, { parameters })).toEqual([]);
    expect(checked({ parameters: { Text: 'é'.repeat(2049) } }, { parameters })).toEqual(['EK5014']);
  });

  test('values that wait for facts are not judged yet', () => {
    expect(checked({ parameters: { Delay: '${account.tags.delay}' } })).toEqual([]);
  });

  test('a capability that nobody acknowledged; NAMED_IAM covers IAM', () => {
    expect(checked({}, { requiredCapabilities: ['CAPABILITY_IAM'] })).toEqual(['EK5015']);
    expect(checked({ acknowledge: ['CAPABILITY_NAMED_IAM'] }, { requiredCapabilities: ['CAPABILITY_IAM'] })).toEqual(
      [],
    );
    expect(checked({ acknowledge: ['CAPABILITY_IAM'] }, { requiredCapabilities: ['CAPABILITY_NAMED_IAM'] })).toEqual([
      'EK5015',
    ]);
  });

  test('more than fifty tags, ours included', () => {
    const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, 'x']));
    expect(checked({ tags: tags(48) })).toEqual([]);
    expect(checked({ tags: tags(49) })).toEqual(['EK5016']);
  });

  test('tags that are AWS’s or ours', () => {
    expect(checked({ tags: { 'aws:x': '1', 'evenkeel:address': 'y', fine: 'z' } })).toEqual(['EK5017', 'EK5017']);
    expect(checked({ tags: { empty: '' } })).toEqual(['EK5017']);
  });
});

describe('a parameter’s own rules', () => {
  test.each([
    ['not allowed', parameter({ allowedValues: ['yes', 'no'] }), 'maybe', /not one of yes, no/],
    ['not a number', parameter({ type: 'Number' }), 'three', /not a number/],
    ['too small', parameter({ type: 'Number', minValue: 5 }), '4', /less than 5/],
    ['too large', parameter({ type: 'Number', maxValue: 5 }), '6', /more than 5/],
    ['too short', parameter({ minLength: 3 }), 'ab', /shorter than 3/],
    ['too long', parameter({ maxLength: 3 }), 'abcd', /longer than 3/],
    ['not of the pattern', parameter({ allowedPattern: '[a-z]+' }), 'abc1', /does not match/],
    ['one of a list', parameter({ type: 'CommaDelimitedList', allowedValues: ['a', 'b'] }), 'a, c', /not one of/],
  ])('%s', (_, definition, value, reason) => {
    expect(violationOf(value, definition)).toMatch(reason);
  });

  test('a pattern that JavaScript cannot read, or that never ends, is left to CloudFormation', () => {
    expect(violationOf('x', parameter({ allowedPattern: '(?<!a+)[[' }))).toBeNull();
    expect(violationOf(`${'a'.repeat(40)}!`, parameter({ allowedPattern: '(a+)+' }))).toBeNull();
  });
});

describe('instance operations', () => {
  const target = fc.record({
    account: fc.constantFrom('1', '2', '3', '4'),
    region: fc.constantFrom('a', 'b', 'c'),
    kind: fc.constantFrom('x', 'y'),
  });

  test('cover every target once and nothing beyond, whatever the holes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(target, { selector: (one) => `${one.account}/${one.region}` }), (targets) => {
        const covered = rectangles(
          targets.map(({ account: id, region, kind }) => ({
            target: { account: id as AccountId, region: region as Region },
            kind,
          })),
        ).flatMap(({ accounts, regions, kind }) =>
          accounts.flatMap((id) => regions.map((region) => `${id}/${region}/${kind}`)),
        );
        expect(covered.sort()).toEqual(targets.map((one) => `${one.account}/${one.region}/${one.kind}`).sort());
      }),
    );
  });

  test('run side by side up to the limit unless the manifest says strict', () => {
    const rollout = {
      maxConcurrent: '25%',
      failureTolerance: 1,
      concurrencyMode: 'soft',
      regionOrder: [WEST, EAST],
      regionConcurrency: 'sequential',
      waves: [],
      stops: false,
    } as const;
    expect(preferencesOf(rollout, [EAST])).toEqual({
      ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      RegionConcurrencyType: 'SEQUENTIAL',
      RegionOrder: [EAST],
      MaxConcurrentPercentage: 25,
      FailureToleranceCount: 1,
    });
    expect(preferencesOf({ ...rollout, concurrencyMode: 'strict' }, [EAST]).ConcurrencyMode).toBe(
      'STRICT_FAILURE_TOLERANCE',
    );
  });

  test('the stack set gets what its instances share, and the default of what none of them shares', () => {
    const at = (id: AccountId, parameters: Record<string, string>, overridden: string[]): Deployment => ({
      address: `StackSet/x@${id}/${EAST}`,
      manifest: 'StackSet/x',
      target: { account: id, region: EAST },
      account: account(id),
      parameters,
      references: {},
      overridden,
      tags: {},
      wave: 0,
    });
    const artifact = artifactOf(queueTemplate(), {
      parameters: { Shared: parameter(), Own: parameter({ default: 'default' }), Needed: parameter() },
    });
    const deployments = [
      at(TWO, { Shared: 's', Own: '2', Needed: 'n2' }, ['Own', 'Needed']),
      at(ONE, { Shared: 's', Own: '1', Needed: 'n1' }, ['Own', 'Needed']),
    ];
    expect(setValues(artifact, deployments)).toEqual({ Shared: 's', Own: 'default', Needed: 'n1' });
  });
});
