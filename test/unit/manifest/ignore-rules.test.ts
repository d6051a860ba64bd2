import { describe, expect, test } from 'vitest';
import { parseDesiredState } from '../../../src/manifest/parse.js';
import { resolveDesired } from '../../../src/manifest/resolve.js';
import { CONTROLLER, EVERYWHERE, desiredFiles, shown, stack } from './desired-files.js';

const withRules = (...rules: readonly string[]): string =>
  stack('a', EVERYWHERE, 'drift:', '  ignore:', ...rules.map((rule) => `    - { ${rule} }`));
const found = (...rules: readonly string[]): string[] =>
  parseDesiredState(desiredFiles({ 'x.yaml': withRules(...rules) })).diagnostics.map(
    (diagnostic) => `${diagnostic.severity} ${shown(diagnostic)}`,
  );

describe('a rule that cannot be', () => {
  test('says what a resource and a path look like', () => {
    expect(
      found(
        'resource: My-Queue, path: /A, reason: x',
        'resource: A, path: A, reason: x',
        'resource: A, path: "", reason: x',
        'resource: A, path: /A//B, reason: x',
        'resource: A, path: /A~2, reason: x',
        'resource: A, path: /A/, reason: x',
        'resource: A, path: /A',
        'resource: A, path: /A, reason: ""',
        'resource: A, path: /A, reason: x, expires: tomorrow',
        'resource: A, path: /A, reason: x, until: 2027-01-31',
      ),
    ).toMatchInlineSnapshot(`
      [
        "error EK2003 x.yaml:9:21 [My-Queue] "My-Queue" does not fit spec.drift.ignore[0].resource = write a logical id such as Queue, Child.Queue for one of a nested stack, or AWS::CloudFormation::Stack for the stack itself",
        "error EK2003 x.yaml:10:30 [A] "A" does not fit spec.drift.ignore[1].path = write a JSON pointer into the properties such as /VisibilityTimeout, with ~1 for a slash and ~0 for a tilde in a name; / alone for all of the resource",
        "error EK2003 x.yaml:11:30 [""] "" does not fit spec.drift.ignore[2].path = write a JSON pointer into the properties such as /VisibilityTimeout, with ~1 for a slash and ~0 for a tilde in a name; / alone for all of the resource",
        "error EK2003 x.yaml:12:30 [/A//B] "/A//B" does not fit spec.drift.ignore[3].path = write a JSON pointer into the properties such as /VisibilityTimeout, with ~1 for a slash and ~0 for a tilde in a name; / alone for all of the resource",
        "error EK2003 x.yaml:13:30 [/A~2] "/A~2" does not fit spec.drift.ignore[4].path = write a JSON pointer into the properties such as /VisibilityTimeout, with ~1 for a slash and ~0 for a tilde in a name; / alone for all of the resource",
        "error EK2003 x.yaml:14:30 [/A/] "/A/" does not fit spec.drift.ignore[5].path = write a JSON pointer into the properties such as /VisibilityTimeout, with ~1 for a slash and ~0 for a tilde in a name; / alone for all of the resource",
        "error EK2002 x.yaml:15:9 [{ resource: A, path: /A }] reason is missing from spec.drift.ignore[6] = add reason",
        "error EK2003 x.yaml:16:42 [""] spec.drift.ignore[7].reason is empty = add at least one character",
        "error EK2003 x.yaml:17:54 [tomorrow] "tomorrow" does not fit spec.drift.ignore[8].expires = write a date such as 2026-12-20, or a time such as 2026-12-20T18:00:00Z",
        "error EK2003 x.yaml:17:54 [tomorrow] "tomorrow" does not fit spec.drift.ignore[8].expires = write a date that the calendar has",
        "error EK2001 x.yaml:18:45 [until] until is not a key of spec.drift.ignore[9] = remove it, or write one of resource, path, reason, expires",
      ]
    `);
  });

  test('a template that differs from Git cannot be ignored, nor what says whose a stack is', () => {
    expect(
      found(
        'resource: "AWS::CloudFormation::Stack", path: /Template, reason: x',
        'resource: "Child.AWS::CloudFormation::Stack", path: /Template/Resources, reason: x',
        'resource: "AWS::CloudFormation::Stack", path: "/Tags/evenkeel:address", reason: x',
        'resource: "AWS::CloudFormation::Stack", path: /, reason: x',
        'resource: "AWS::CloudFormation::Stack", path: /Parameters, reason: x',
        'resource: "AWS::CloudFormation::Stack", path: /StackStatus, reason: x',
      ),
    ).toMatchInlineSnapshot(`
      [
        "error EK2016 x.yaml:9:57 [/Template] a template that differs from the one in Git cannot be ignored: nobody would know what is deployed = write what the template is to be in Git, and let a reconcile deploy it",
        "error EK2016 x.yaml:10:63 [/Template/Resources] a template that differs from the one in Git cannot be ignored: nobody would know what is deployed = write what the template is to be in Git, and let a reconcile deploy it",
        "error EK2016 x.yaml:11:57 ["/Tags/evenkeel:address"] evenkeel:address says whose the stack is = remove the rule",
        "error EK2016 x.yaml:12:57 [/] / is not one setting of a stack = write /Parameters/NAME, /Tags/KEY, /RoleARN or /EnableTerminationProtection",
        "error EK2016 x.yaml:13:57 [/Parameters] /Parameters is not one setting of a stack = write /Parameters/NAME, /Tags/KEY, /RoleARN or /EnableTerminationProtection",
        "error EK2016 x.yaml:14:57 [/StackStatus] /StackStatus is not one setting of a stack = write /Parameters/NAME, /Tags/KEY, /RoleARN or /EnableTerminationProtection",
      ]
    `);
  });

  test('does not hide the mistakes of its neighbours', () => {
    expect(
      found(
        'resource: A, path: A, reason: x',
        'resource: B, path: /B, reason: x',
        'resource: B, path: /B, reason: y',
      ).map((line) => line.slice(0, 40)),
    ).toMatchInlineSnapshot(`
      [
        "error EK2003 x.yaml:9:30 [A] "A" does no",
        "warning EK2017 x.yaml:11:30 [/B] /B of B",
      ]
    `);
  });

  test('more of them than anybody reads are refused', () => {
    const many = Array.from({ length: 501 }, (_, index) => `resource: R${String(index)}, path: /A, reason: x`);
    expect(found(...many)).toEqual([
      'error EK2003 x.yaml:8:5 [ignore] spec.drift.ignore is too long = write at most 500 items',
    ]);
  });
});

describe('a rule that adds nothing', () => {
  test('is told with the one that says it already', () => {
    expect(
      found(
        'resource: A, path: /Tags/0/Value, reason: x',
        'resource: A, path: /Tags, reason: x',
        'resource: A, path: /TagsOfOthers, reason: x',
        'resource: B, path: /Tags, reason: x',
        'resource: A, path: /Tags, reason: y, expires: 2027-01-31',
      ),
    ).toMatchInlineSnapshot(`
      [
        "warning EK2017 x.yaml:9:30 [/Tags/0/Value] /Tags/0/Value of A is below /Tags, which the rule at 10:9 ignores = keep one of the two rules",
        "warning EK2017 x.yaml:13:30 [/Tags] /Tags of A is ignored by the rule at 10:9 already = keep one of the two rules",
      ]
    `);
  });

  test('and one that lasts longer than the one above it adds something', () => {
    expect(
      found(
        'resource: A, path: /Tags, reason: x, expires: 2027-01-31',
        'resource: A, path: /Tags/0, reason: y',
        'resource: A, path: /Tags/1, reason: y, expires: 2027-02-01',
      ),
    ).toEqual([]);
    expect(
      found(
        'resource: A, path: /Tags, reason: x, expires: 2027-01-31',
        'resource: A, path: /Tags/1, reason: y, expires: 2027-01-31T23:59:59Z',
      ),
    ).toHaveLength(1);
  });
});

test('a whole resource is ignored without a word only where that ends', () => {
  expect(found('resource: A, path: /, reason: x, expires: 2027-01-31')).toEqual([]);
  expect(found('resource: A, path: /, reason: x')).toMatchInlineSnapshot(`
    [
      "warning EK2018 x.yaml:9:30 [/] everything that happens to A is ignored for ever, its deletion too = name the properties that others may change, or add expires",
    ]
  `);
});

test('the rules arrive as they are written, each with its place', () => {
  const text = withRules(
    'resource: Queue, path: /VisibilityTimeout, reason: set by its owner, expires: 2027-01-31',
    'resource: Logs.Bucket, path: /Tags/a~1b, reason: x',
    'resource: "AWS::CloudFormation::Stack", path: /Tags/cost-center, reason: x',
    'resource: "Logs.AWS::CloudFormation::Stack", path: /Parameters/Days, reason: x',
  );
  const { manifests, diagnostics } = parseDesiredState(desiredFiles({ 'c.yaml': CONTROLLER, 'x.yaml': text }));
  expect(diagnostics).toEqual([]);
  const [desired] = resolveDesired(manifests, null).desired;
  expect(
    desired!.driftIgnore.map(({ resource, path, expires, place }) => [resource, path, expires, place.line]),
  ).toEqual([
    ['Queue', '/VisibilityTimeout', '2027-01-31', 9],
    ['Logs.Bucket', '/Tags/a~1b', null, 10],
    ['AWS::CloudFormation::Stack', '/Tags/cost-center', null, 11],
    ['Logs.AWS::CloudFormation::Stack', '/Parameters/Days', null, 12],
  ]);
});
