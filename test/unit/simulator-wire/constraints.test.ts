import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as organizations from '@aws-sdk/client-organizations';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConstraintRule } from '../../../src/simulator/wire/constraint-rule.js';
import { CONSTRAINT_TABLES } from '../../../src/simulator/wire/constraint-table.js';
import { demandsOf } from '../../../src/simulator/wire/demand.js';
import { ENDPOINTS, inputViolations } from '../../../src/simulator/wire/endpoints.js';
import { wholePattern } from '../../../src/simulator/kernel/java-pattern.js';
import { violationMessage } from '../../../src/simulator/wire/constraint-rule.js';
import type { Shape } from '../../../src/simulator/wire/shape.js';
import { hasModels, MODELS, modelsTitle } from './aws-models.js';

const GENERATOR = fileURLToPath(new URL('../../support/generate-wire-constraints.mjs', import.meta.url));
const SERVICES = ['sts', 'organizations', 'cloudformation', 'serverlessrepo'] as const;

const rules = SERVICES.flatMap((service) =>
  Object.entries(CONSTRAINT_TABLES[service].rules).map(([name, rule]) => ({ name: `${service} ${name}`, rule })),
);
const patterned = rules.flatMap(({ name, rule }) =>
  rule.type === 'string' && rule.pattern !== undefined ? [{ name, rule, pattern: rule.pattern }] : [],
);

const holds = (rule: ConstraintRule, value: unknown) => demandsOf(rule).every((demand) => demand.holds(value));

/** All that is wrong with an input, as the query protocol says it. */
function said(service: (typeof SERVICES)[number], operation: string, input: Record<string, unknown>): string {
  const endpoint = ENDPOINTS[service];
  const violations = inputViolations(endpoint, endpoint.model.operation(operation)!, input);
  return violations.length === 0 ? '' : violationMessage(violations);
}

describe('the table of constraints', () => {
  it.skipIf(!hasModels)(modelsTitle('is what AWS’s models say'), () => {
    execFileSync(process.execPath, [GENERATOR, '--check', MODELS], { stdio: 'pipe' });
  });

  it.each(SERVICES)('of %s names structures and members that its inputs have', (service) => {
    const inputs = structuresOf(service);
    for (const [name, members] of Object.entries(CONSTRAINT_TABLES[service].structures)) {
      expect([...(inputs.get(name) ?? [])], name).toEqual(expect.arrayContaining(Object.keys(members)));
      for (const rule of Object.values(members)) expect(CONSTRAINT_TABLES[service].rules).toHaveProperty([rule]);
    }
  });

  it.each([
    ['cloudformation', cloudFormation],
    ['organizations', organizations],
  ] as const)('of %s has the enums that its client has', (service, client) => {
    for (const [name, rule] of Object.entries(CONSTRAINT_TABLES[service].rules)) {
      if (rule.type !== 'string' || rule.enum === undefined) continue;
      // The client is the younger of the two, and may know more.
      const values = Object.values((client as unknown as Record<string, object>)[name] ?? {});
      expect(values, name).toEqual(expect.arrayContaining([...rule.enum]));
    }
  });
});

describe('a pattern of a model', () => {
  it.each(patterned)('$name is a pattern here: $pattern', ({ rule, pattern }) => {
    expect(wholePattern(pattern)).toBeInstanceOf(RegExp);
    // Some of the syntax is beyond the generator of texts.
    if (/\\p\{|\\b|\\S/.test(pattern)) return;
    fc.assert(
      fc.property(fc.stringMatching(wholePattern(pattern)), (text) => {
        const [ownPattern] = demandsOf(rule);
        expect(ownPattern!.holds(text)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it.each(patterned)('$name takes no time on a long value: $pattern', ({ rule, pattern }) => {
    const begun = performance.now();
    for (const piece of pumpsOf(pattern)) {
      const long = piece.repeat(Math.ceil(200_000 / piece.length));
      const longest = rule.max === undefined ? long.length : rule.max * 2;
      for (const text of [long, `${long}\u0000`, long.slice(0, longest), `${long.slice(0, longest - 1)}\u0000`])
        holds(rule, text);
    }
    expect(performance.now() - begun).toBeLessThan(2000);
  });

  it.each([
    ['the whole value', '[a-z]+', 'ab1', false],
    ['the whole value for each alternative', '^(\\d{3})|(r-[a-z]+)$', '123x', false],
    ['either alternative', '^(\\d{3})|(r-[a-z]+)$', 'r-a', true],
    ['no line end at its end', '^[a-z]+$', 'a\n', false],
    ['a dot that is no line end of Java’s', 'a.b', 'a\u0085b', false],
    ['a dot in a class as a dot', '[.]+', 'a', false],
    ['anything by both classes of blanks', '[\\s\\S]*', 'a\u00a0\n😀', true],
    ['ASCII blanks only', '[^\\s@]+', 'a\u00a0b', true],
    ['an escaped hyphen', '[\\p{L}+\\-@]+', 'é-@', true],
    ['what needs no escape', 'a\\-b\\:c', 'a-b:c', true],
    ['characters beyond the first plane as one', '[^a]{1}', '😀', true],
  ])('takes %s', (_what, pattern, text, matches) => {
    expect(wholePattern(pattern).test(text)).toBe(matches);
  });
});

describe('an input', () => {
  it.each([
    [
      'the pattern as the model has it',
      'cloudformation',
      'GetTemplateSummary',
      { StackSetName: '-a' },
      "1 validation error detected: Value '-a' at 'stackSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*(?::[a-zA-Z0-9]{8}-[a-zA-Z0-9]{4}-[a-zA-Z0-9]{4}-[a-zA-Z0-9]{4}-[a-zA-Z0-9]{12})?",
    ],
    [
      'several mistakes in the order of the members, what is missing with its place',
      'cloudformation',
      'CreateStack',
      { Tags: [{ Key: 'k', Value: 'v' }, { Key: '' }], TimeoutInMinutes: 0, OnFailure: 'PRAY' },
      "5 validation errors detected: Value null at 'stackName' failed to satisfy constraint: Member must not be null; " +
        "Value '0' at 'timeoutInMinutes' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value 'PRAY' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [DO_NOTHING, ROLLBACK, DELETE]; " +
        "Value '' at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value null at 'tags.2.member.value' failed to satisfy constraint: Member must not be null",
    ],
    [
      'an item of a list: the list, and all that an item should be',
      'cloudformation',
      'CreateStack',
      { StackName: 'a', Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_EVERYTHING'] },
      "1 validation error detected: Value '[CAPABILITY_IAM, CAPABILITY_EVERYTHING]' at 'capabilities' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [CAPABILITY_IAM, CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]]",
    ],
    [
      'a list that is too long',
      'cloudformation',
      'CreateStack',
      { StackName: 'a', NotificationARNs: ['1', '2', '3', '4', '5', '6'] },
      "1 validation error detected: Value '[1, 2, 3, 4, 5, 6]' at 'notificationARNs' failed to satisfy constraint: Member must have length less than or equal to 5",
    ],
    [
      'an entry of a map',
      'cloudformation',
      'CreateChangeSet',
      {
        StackName: 'a',
        ChangeSetName: 'c',
        ResourcesToImport: [{ ResourceType: 'T', LogicalResourceId: 'L', ResourceIdentifier: { '': 'x' } }],
      },
      "1 validation error detected: Value '{=x}' at 'resourcesToImport.1.member.resourceIdentifier' failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1]",
    ],
    [
      'a secret value without the value',
      'sts',
      'AssumeRoleWithSAML',
      { RoleArn: 'a'.repeat(20), PrincipalArn: 'a'.repeat(20), SAMLAssertion: 'abc' },
      "1 validation error detected: Value at 'sAMLAssertion' failed to satisfy constraint: Member must have length greater than or equal to 4",
    ],
    ['nothing where all is well', 'cloudformation', 'CreateStack', { StackName: 'a', Capabilities: [] }, ''],
    ['lengths in characters, not in halves of them', 'sts', 'GetFederationToken', { Name: 'ab', Tags: [] }, ''],
  ] as const)('that is wrong is told %s', (_what, service, operation, input, message) => {
    expect(said(service, operation, input)).toBe(message);
  });

  it('counts a character beyond the first plane once', () => {
    const tag = (Key: string) => ({ StackName: 'a', Tags: [{ Key, Value: 'v' }] });
    expect(said('cloudformation', 'CreateStack', tag('😀'.repeat(128)))).toBe('');
    expect(said('cloudformation', 'CreateStack', tag('😀'.repeat(129)))).toContain('less than or equal to 128');
  });
});

/** Texts that make a backtracking matcher try everything: what the pattern itself is made of, over and over. */
function pumpsOf(pattern: string): readonly string[] {
  const literals = [...new Set(pattern.replace(/\\[a-zA-Z]|[()[\]{}*+?^$|\\]/g, ''))];
  return [
    'a',
    '0',
    '-',
    ':',
    'a:',
    'a-',
    'a::',
    '::::a',
    'arn:aws-a',
    'a.',
    '@a.',
    'arn:aws:a:a:000000000000:',
    ...literals,
  ];
}

function structuresOf(service: (typeof SERVICES)[number]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const visit = (shape: Shape): void => {
    if (shape.type === 'list') visit(shape.member);
    if (shape.type === 'map') visit(shape.value);
    if (shape.type !== 'structure' || found.has(shape.name)) return;
    found.set(shape.name, new Set(shape.members.map(({ name }) => name)));
    for (const member of shape.members) visit(member.shape);
  };
  for (const name of ENDPOINTS[service].model.operationNames) visit(ENDPOINTS[service].model.operation(name)!.input);
  return found;
}
