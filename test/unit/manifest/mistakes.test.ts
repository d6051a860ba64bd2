import { describe, expect, test } from 'vitest';
import { parseDesiredState } from '../../../src/manifest/parse.js';
import { CONTROLLER, EVERYWHERE, desiredFiles, shown, stack } from './desired-files.js';

const found = (text: string | Uint8Array, path = 'x.yaml'): string[] =>
  parseDesiredState(desiredFiles({ [path]: text })).diagnostics.map(shown);

const stackSet = (...spec: readonly string[]): string =>
  stack('a', EVERYWHERE, ...spec).replace('kind: Stack', 'kind: StackSet');

describe('keys', () => {
  test('an unknown key is told with the nearest known one', () => {
    const text = stack('a', EVERYWHERE, 'terminationprotection: true', 'permissionModel: self-managed').replace(
      'name',
      'nmae',
    );
    expect(found(text)).toEqual([
      'EK2002 x.yaml:3:1 [metadata] name is missing from metadata = add name',
      'EK2001 x.yaml:3:13 [nmae] nmae is not a key of metadata = did you mean name?',
      'EK2001 x.yaml:7:3 [terminationprotection] terminationprotection is not a key of spec = did you mean terminationProtection?',
      'EK2001 x.yaml:8:3 [permissionModel] permissionModel is not a key of spec = remove it, or write one of template, parameters, overrides, acknowledge, transform, stackName, adopt, tags, targets, rollout, drift, deletion, dependsOn, suspend, terminationProtection',
    ]);
  });

  test('an unknown key deep inside is told there, and so is its neighbour', () => {
    const text = stack(
      'a',
      'targets:',
      '  - all: true',
      '    regoins: [us-east-1]',
      '  - account: [x]',
      '    regions: [us-east-1]',
    );
    expect(found(text)).toEqual([
      'EK2002 x.yaml:7:7 [all] regions is missing from spec.targets[0] = add regions',
      'EK2001 x.yaml:8:7 [regoins] regoins is not a key of spec.targets[0] = did you mean regions?',
      'EK2001 x.yaml:9:7 [account] account is not a key of spec.targets[1] = did you mean accounts?',
    ]);
  });

  test('a key that is there twice is told at the second place', () => {
    expect(found(stack('a', EVERYWHERE, 'deletion: delete', 'deletion: retain'))).toEqual([
      'EK2007 x.yaml:8:3 [deletion] deletion is here for the second time, after 7:3 = keep one of the two',
    ]);
  });

  test('a key that would be lost on the way is refused', () => {
    expect(found(stack('a', EVERYWHERE, 'parameters: { __proto__: "x", [A]: "y" }'))).toEqual([
      'EK2001 x.yaml:7:17 [__proto__] __proto__ is not a key of anything = remove it',
      'EK2003 x.yaml:7:33 [[A]] a key is not plain text = write the key as text',
    ]);
  });

  test('keys that need each other are told even where others have mistakes', () => {
    expect(
      found(
        stackSet(
          'permissionModel: self-managed',
          'callAs: delegated-admin',
          'autoDeployment: { enabled: true }',
          'adopt: true',
          'x: 1',
        ),
      ),
    ).toEqual([
      'EK2008 x.yaml:8:3 [callAs] a delegated administrator has service-managed stack sets only = remove callAs, or write permissionModel: service-managed',
      'EK2008 x.yaml:9:3 [autoDeployment] autoDeployment is for service-managed stack sets only = remove it, or write permissionModel: service-managed',
      'EK2008 x.yaml:10:3 [adopt] adopt does not say which stack to take over = add stackName',
      expect.stringContaining('EK2001 x.yaml:11:3 [x]'),
    ]);
  });
});

describe('values', () => {
  test('an unquoted account id is told as it was written', () => {
    expect(
      found(stack('a', 'targets:', '  - accounts: [012345678901, "012345678901"]', '    regions: [us-east-1]')),
    ).toEqual([
      'EK2103 x.yaml:7:18 [012345678901] account 012345678901 is not quoted, so YAML reads it as the number 12345678901 = write "012345678901"',
    ]);
  });

  test('a parameter is a string, and its text is kept as it was written', () => {
    expect(
      found(stack('a', EVERYWHERE, 'parameters: { A: 3, B: 1.10, C: true, D: yes, E: "3", F: 2026-01-01 }')),
    ).toEqual([
      'EK2104 x.yaml:7:20 [3] spec.parameters.A takes strings only: 3 is not quoted, so YAML reads it as the number 3 = write "3"',
      'EK2104 x.yaml:7:26 [1.10] spec.parameters.B takes strings only: 1.10 is not quoted, so YAML reads it as the number 1.1 = write "1.10"',
      'EK2104 x.yaml:7:35 [true] spec.parameters.C takes strings only: true is not quoted, so YAML reads it as the boolean true = write "true"',
    ]);
  });

  test('values that do not fit say what would', () => {
    const text = stack(
      'Bad_Name',
      'targets: []',
      'drift: { respond: revrt }',
      'deletion:',
      'stackName: 1abc',
      'tags: { "aws:x": y, big: "' + 'x'.repeat(257) + '" }',
      'suspend: { by: me, reason: why, until: 2026-02-30 }',
      'adopt: "yes"',
      'acknowledge: CAPABILITY_IAM',
    ).replace('templates/x.yaml', '../x.yaml');
    expect(found(text)).toEqual([
      'EK2003 x.yaml:3:19 [Bad_Name] "Bad_Name" does not fit metadata.name = write a lower-case letter and at most 62 more lower-case letters, digits or hyphens',
      'EK2003 x.yaml:5:13 [../x.yaml] "../x.yaml" does not fit spec.template = write a path that stays in the desired-state folder, without . or .. steps',
      'EK2003 x.yaml:6:3 [targets] spec.targets is empty = add at least one',
      'EK2003 x.yaml:7:21 [revrt] "revrt" does not fit spec.drift.respond = did you mean revert? Write one of report, revert',
      'EK2003 x.yaml:8:3 [deletion] spec.deletion is empty = write one of delete, retain',
      'EK2003 x.yaml:9:14 [1abc] "1abc" does not fit spec.stackName = write a letter and at most 127 more letters, digits or hyphens',
      'EK2003 x.yaml:10:11 ["aws:x"] "aws:x" cannot be a key of spec.tags = write at most 128 letters, digits, spaces or _.:/=+-@, not beginning with aws: or evenkeel:',
      expect.stringMatching(/^EK2003 x.yaml:10:28 .* spec.tags.big is too long = write at most 256 characters$/),
      'EK2003 x.yaml:11:42 [2026-02-30] "2026-02-30" does not fit spec.suspend.until = write a date that the calendar has',
      'EK2003 x.yaml:12:10 ["yes"] spec.adopt is the string "yes", and true or false is wanted = write true or false',
      'EK2003 x.yaml:13:16 [CAPABILITY_IAM] spec.acknowledge is the string "CAPABILITY_IAM", and a list is wanted = write a list',
    ]);
  });

  test('a selector has to say something about accounts', () => {
    expect(found(stack('a', 'targets:', '  - regions: [us-east-1]', '    except: {}'))).toEqual([
      'EK2003 x.yaml:7:7 [regions] the selector says nothing about accounts = add accounts, organizationalUnits or tags, or write all: true',
      'EK2003 x.yaml:8:7 [except] the exception is empty = add a condition, or remove it',
    ]);
    expect(found(stack('a', 'targets:', '  - regions: [us-east-1]'))).toEqual([
      'EK2003 x.yaml:7:7 [regions] the selector says nothing about accounts = add accounts, organizationalUnits or tags, or write all: true',
    ]);
  });

  test('a value that may be one of two types is judged as the type that it has', () => {
    const application = stack('a', EVERYWHERE, 'version: { aws: 1.1, aws-moon: 1.0.0 }')
      .replace('kind: Stack', 'kind: ServerlessApplication')
      .replace('template: templates/x.yaml', 'application: janitor');
    expect(found(application)).toEqual([
      'EK2003 x.yaml:5:16 [janitor] "janitor" does not fit spec.application = write the ARN of an application, as the Serverless Application Repository shows it',
      'EK2104 x.yaml:7:19 [1.1] spec.version.aws takes strings only: 1.1 is not quoted, so YAML reads it as the number 1.1 = write "1.1"',
      expect.stringContaining('EK2001 x.yaml:7:24 [aws-moon] aws-moon is not a key of spec.version = '),
    ]);
    const controller =
      CONTROLLER +
      '  budgets: { delete: -1, accounts: 101%, window: 1w }\n  freeze: [{ from: 2027-01-02, to: 2027-01-01, reason: x }]\n';
    expect(found(controller)).toEqual([
      'EK2003 x.yaml:8:22 [-1] -1 does not fit spec.budgets.delete = write 0 or more',
      'EK2003 x.yaml:8:36 [101%] "101%" does not fit spec.budgets.accounts = write a percentage from 0% to 100%',
      'EK2003 x.yaml:8:50 [1w] "1w" does not fit spec.budgets.window = write a number and m, h or d, such as 24h',
      'EK2003 x.yaml:9:12 [{ from: 2027-01-02, to: 2027-01-01, reason: x }] the freeze ends before it begins = exchange from and to',
    ]);
  });
});

describe('references', () => {
  test('an unknown one is told at its own place, with the nearest', () => {
    expect(
      found(
        stack('a', EVERYWHERE, 'parameters: { A: "x-${acount.id}" }', 'tags: { b: "${region", c: "$${AWS::Region}" }'),
      ),
    ).toEqual([
      'EK2201 x.yaml:7:23 [${acount.id}] ${acount.id} is not a reference = did you mean ${account.id}? Write $${acount.id} where the text itself is meant',
      'EK2201 x.yaml:8:15 [${region] ${region is not a reference = did you mean ${region}? Write $${region where the text itself is meant',
    ]);
  });

  test('a stack set cannot have tags that differ, and a stack can', () => {
    const tags = 'tags: { a: "${account.id}", b: "${organization.id}" }';
    expect(found(stack('a', EVERYWHERE, tags))).toEqual([]);
    expect(found(stackSet('permissionModel: self-managed', tags))).toEqual([
      'EK2202 x.yaml:8:15 [${account.id}] ${account.id} differs from target to target, and a stack set has the same tags everywhere = write a constant, or use a Stack',
    ]);
  });

  test('a bucket name knows the account and the Region only', () => {
    expect(found(`${CONTROLLER}  artifactBucket: b-\${account.id}-\${region}-\${organization.id}\n`)).toEqual([
      "EK2201 x.yaml:8:45 [${organization.id}] ${organization.id} cannot stand in a bucket's name = use ${account.id} and ${region} only",
    ]);
  });
});

describe('what is not built yet', () => {
  const remedy = 'remove it until a version of Evenkeel has it';

  test('what a Controller may not ask for yet', () => {
    expect(found(`${CONTROLLER}  trust: { branch: main }\n`)).toEqual([
      `EK2006 x.yaml:8:3 [trust] trust in signed commits is not built yet = ${remedy}`,
    ]);
  });
});

describe('order and waves', () => {
  const order = ['dependsOn: [StackSet/log-archive, Stack/vpc@same]', 'parameters: { A: "${outputs.StackSet/x.Arn}" }'];
  const rollout = 'waves: [{ accounts: [a] }, { all: true }], maxConcurrent: 25%, failureTolerance: 0';

  test('may be asked for in a Stack as in a StackSet', () => {
    expect(found(stack('a', EVERYWHERE, ...order, `rollout: { ${rollout} }`))).toEqual([]);
    expect(found(stackSet('permissionModel: self-managed', ...order, `rollout: { ${rollout} }`))).toEqual([]);
  });

  test('a StackSet may order its Regions too', () => {
    const regions = 'concurrencyMode: strict, regionOrder: [us-east-1], regionConcurrency: parallel';
    expect(found(stackSet('permissionModel: self-managed', `rollout: { ${rollout}, ${regions} }`))).toEqual([]);
  });
});

describe('building blocks that somebody else publishes', () => {
  const bought = (kind: string, ...lines: readonly string[]): string =>
    `apiVersion: evenkeel/v1\nkind: ${kind}\nmetadata: { name: a }\nspec:\n  ${EVERYWHERE}\n${lines.map((line) => `  ${line}\n`).join('')}`;
  const arn = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';

  test.each([
    ['ServerlessApplication', [`application: ${arn}`, 'version: 1.7.0']],
    ['Solution', ['solution: SO0111', 'part: member-roles', 'version: v2.1.0']],
    ['Solution', ['template: https://solutions.example/v1/x.template']],
    ['Construct', ['construct: aws-eventbridge-lambda', 'version: 2.41.0', 'props: { a: [1, { b: true }] }']],
  ])('%s parses, by stack and by stack set', (kind, lines) => {
    expect(found(bought(kind, ...lines))).toEqual([]);
    expect(found(bought(kind, ...lines, 'via: stack'))).toEqual([]);
    expect(found(bought(kind, ...lines, 'via: stack-set'))).toEqual([]);
    expect(
      found(bought(kind, ...lines, 'via: stack-set', 'permissionModel: self-managed', 'executionRoleName: a-role')),
    ).toEqual([]);
  });

  test('a Solution is a template or a solution with its version', () => {
    expect(found(bought('Solution', 'solution: SO0111', 'template: https://x.example/y'))).toEqual([
      'EK2003 x.yaml:4:1 [spec] a Solution has either a template or a solution = keep one of template and solution',
      'EK2003 x.yaml:4:1 [spec] the solution has no version = add version',
    ]);
  });
});

describe('documents that are no manifests', () => {
  test.each([
    [
      'kind: Stackset\napiVersion: evenkeel/v1\n',
      'EK2005 x.yaml:1:7 [Stackset] "Stackset" is not a kind of manifest = did you mean StackSet?',
    ],
    [
      'kind: Stack\napiVersion: evenkeel/v2\n',
      'EK2005 x.yaml:2:13 [evenkeel/v2] "evenkeel/v2" is not an apiVersion that this version of Evenkeel knows = write evenkeel/v1',
    ],
    ['apiVersion: evenkeel/v1\n', 'EK2002 x.yaml:1:1 [apiVersion] kind is missing from the manifest = add kind'],
    ['- a\n', 'EK2003 x.yaml:1:1 [- a] a manifest is a mapping = begin with apiVersion, kind, metadata and spec'],
    [
      'AWSTemplateFormatVersion: "2010-09-09"\nResources: {}\n',
      'EK2005 x.yaml:1:1 [AWSTemplateFormatVersion] the document has neither apiVersion nor kind, so it is not a manifest = move it to templates/, where the desired state keeps its templates',
    ],
  ])('%j', (text, message) => {
    expect(found(text)).toEqual([message]);
  });

  test('nothing is said of templates, dot folders, the lock file and empty documents', () => {
    const files = desiredFiles({
      'templates/x.yaml': '- a',
      '.locked/x.yaml': '- a',
      'a/.b/c.yaml': '- a',
      'evenkeel.lock.yaml': '- a',
      'e.yaml': '# nothing\n',
      'f.yaml': '',
    });
    expect(parseDesiredState(files)).toEqual({ manifests: [], diagnostics: [] });
  });
});

describe('what YAML can do to a reader', () => {
  test('a file that is not YAML is told at its place, and the next document is read', () => {
    expect(found(`a: [1\nb: 2\n---\n${stack('a', 'x: 1')}`)).toEqual([
      'EK1001 x.yaml:2:1 [b] the list has no ] here, on its own line or on an indented one below = correct the YAML at this place',
      'EK2002 x.yaml:7:1 [spec] targets is missing from spec = add targets',
      expect.stringContaining('EK2001 x.yaml:9:3 [x]'),
    ]);
  });

  test('a tag, an alias without an anchor and bytes that are no text', () => {
    expect(found('kind: !Ref x\n')).toEqual([
      'EK1001 x.yaml:1:7 [!Ref] unresolved tag: !Ref = remove the tag; manifests have none',
    ]);
    expect(found('kind: *nope\n')).toEqual([
      'EK1001 x.yaml:1:7 [*nope] the alias *nope has no anchor before it = write &nope where the value is defined',
    ]);
    expect(found(new Uint8Array([0x6b, 0x3a, 0x20, 0xff]))).toEqual([
      'EK1004 - [] x.yaml is not UTF-8 text = save the file as UTF-8',
    ]);
  });

  test('aliases work, and a bomb of them is refused', () => {
    const text = stack(
      'a',
      EVERYWHERE,
      'parameters: &p { A: "1" }',
      'overrides: [{ where: { all: true }, parameters: *p }]',
    );
    expect(found(text)).toEqual([]);
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array.from({ length: 9 }, () => of).join(', ')}]\n`;
    const bomb = level('a', 'x') + level('b', '*a') + level('c', '*b') + level('d', '*c') + level('e', '*d');
    expect(found(bomb)).toEqual([
      expect.stringMatching(/^EK1005 x.yaml:1:1 .* = write the values out instead of using aliases$/),
    ]);
  });

  test('a circle of aliases is refused', () => {
    expect(found('kind: Stack\nspec: &a { b: { c: *a } }\n')).toEqual([
      expect.stringContaining('EK1005 x.yaml:2:20 [*a]'),
    ]);
  });

  test('depth is refused, however it is written', () => {
    expect(found(`kind: ${'['.repeat(65)}${']'.repeat(65)}`)).toEqual([expect.stringContaining('EK1008 x.yaml:1:70')]);
    expect(found('- '.repeat(20_000))).toEqual([expect.stringContaining('EK1008')]);
  });

  test('many repeated keys take no time that grows with their square, and are counted', () => {
    const diagnostics = found('a: b\n'.repeat(20_000));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toBe(
      'EK1014 - [] x.yaml holds 19899 more mistakes than are shown = correct those that are shown first',
    );
  });

  test('a directive does not bring back the Norway problem, nor a merge key other keys', () => {
    const text = `%YAML 1.1\n---\n${stack('a', EVERYWHERE, 'parameters: { A: no, B: 2026-01-01 }')}`;
    expect(found(text)).toEqual([]);
    expect(found(stack('a', EVERYWHERE, '<<: { deletion: retain }'))).toEqual([
      expect.stringContaining('EK2001 x.yaml:7:3 [<<]'),
    ]);
  });

  test('columns count characters of lines that end as on Windows', () => {
    const [first] = parseDesiredState(
      desiredFiles({ 'x.yaml': stack('a', 'x: 1', EVERYWHERE).replaceAll('\n', '\r\n') }),
    ).diagnostics;
    expect(first?.place).toEqual({ file: 'x.yaml', line: 6, column: 3, length: 1, source: '  x: 1' });
  });
});

test('every mistake of every file is told in one run, file by file, and carries its address', () => {
  const files = desiredFiles({
    'b.yaml': stack('b', EVERYWHERE, 'y: 1'),
    'a.yaml': `a: [\n---\n${stack('a', EVERYWHERE, 'x: 1')}`,
  });
  const { diagnostics } = parseDesiredState(files);
  expect(diagnostics.map(({ code, address, place }) => `${code} ${address ?? '-'} ${place?.file}`)).toEqual([
    'EK1001 - a.yaml',
    'EK2001 Stack/a a.yaml',
    'EK2001 Stack/b b.yaml',
  ]);
});
