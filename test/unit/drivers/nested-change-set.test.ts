import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DescribeChangeSetOutput, ResourceChange } from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { updateByChangeSet } from '../../../src/drivers/stack-change-set.js';
import type { LogicalId, Token } from '../../../src/model/identifiers.js';
import { EAST, SIGNAL } from './driven-world.js';

type Input = { readonly ChangeSetName?: string; readonly NextToken?: string };
type Answers = Readonly<Record<string, DescribeChangeSetOutput>>;

const TOKEN = 'ek-nested' as Token;
const ROOT = `evenkeel-${TOKEN}`;

/** CloudFormation's side of the wire: each change set by its name or id, the pages of one by `id#token`. */
function scripted(answers: Answers) {
  const client = new CloudFormationClient({ region: EAST, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  const sent: { readonly command: string; readonly input: Input }[] = [];
  client.middlewareStack.add(
    (_, context) => (args) => {
      const command = context.commandName!;
      const input = args.input as Input;
      sent.push({ command, input });
      const key = `${input.ChangeSetName}${input.NextToken === undefined ? '' : `#${input.NextToken}`}`;
      const output = command === 'DescribeChangeSetCommand' ? answers[key] : {};
      if (output === undefined)
        return Promise.reject(Object.assign(new Error('no such change set'), { name: 'ChangeSetNotFound' }));
      return Promise.resolve({ output: { $metadata: {}, ...output } as never, response: {} });
    },
    { step: 'initialize', name: 'script' },
  );
  const commands = (name: string) => sent.filter(({ command }) => command === `${name}Command`);
  return { client, commands };
}

const changeSet = (
  resources: readonly ResourceChange[],
  over: DescribeChangeSetOutput = {},
): DescribeChangeSetOutput => ({
  Status: 'CREATE_COMPLETE',
  ExecutionStatus: 'AVAILABLE',
  Changes: resources.map((ResourceChange) => ({ Type: 'Resource', ResourceChange })),
  ...over,
});
const modified = (id: string, over: ResourceChange = {}): ResourceChange => ({
  Action: 'Modify',
  LogicalResourceId: id,
  ResourceType: 'AWS::SQS::Queue',
  Replacement: 'False',
  ...over,
});
const nested = (id: string, ChangeSetId: string): ResourceChange =>
  modified(id, { ResourceType: 'AWS::CloudFormation::Stack', ChangeSetId });

function update(answers: Answers, said: { readonly replaces?: string[]; readonly removes?: string[] } = {}) {
  const { client, commands } = scripted(answers);
  const applied = updateByChangeSet({
    client,
    address: 'Stack/parent/300000000001/us-east-1',
    stackId: 'arn:stack',
    token: TOKEN,
    change: {
      replaces: (said.replaces ?? []) as LogicalId[],
      removes: (said.removes ?? []) as LogicalId[],
    } as never,
    input: { TemplateBody: '{}' },
    changeSets: new Set(),
    began: () => undefined,
    signal: SIGNAL,
  });
  return { applied, commands };
}

const HIERARCHY: Answers = {
  [ROOT]: changeSet([nested('Network', 'arn:network')]),
  'arn:network': changeSet([modified('Vpc')], { NextToken: '2' }),
  'arn:network#2': changeSet([
    modified('Subnet', { Replacement: 'True' }),
    modified('Gateway', { Action: 'Remove' }),
    nested('Inner', 'arn:inner'),
  ]),
  'arn:inner': changeSet([modified('Table', { Replacement: 'Conditional' })]),
};

test('what a nested stack would replace or remove is asked for, on every page and level, and stops the change', async () => {
  const { applied, commands } = update(HIERARCHY);
  expect(await applied).toMatchObject({
    type: 'refused',
    diagnostic: { code: 'EK6010', message: expect.stringContaining('Network.Subnet') },
    announced: { replaces: ['Network.Subnet', 'Network.Inner.Table'], removes: ['Network.Gateway'] },
  });
  expect(commands('CreateChangeSet')).toMatchObject([{ input: { IncludeNestedStacks: true } }]);
  expect(commands('DeleteChangeSet').map(({ input }) => input.ChangeSetName)).toEqual([ROOT]);
  expect(commands('ExecuteChangeSet')).toEqual([]);
});

test('nested replacements that the plan said are executed', async () => {
  const { applied, commands } = update(HIERARCHY, {
    replaces: ['Network.Subnet', 'Network.Inner.Table'],
    removes: ['Network.Gateway'],
  });
  expect(await applied).toMatchObject({ type: 'running' });
  expect(commands('ExecuteChangeSet')).toHaveLength(1);
});

test('what CloudFormation cannot tell yet may be a replacement', async () => {
  const { applied } = update({ [ROOT]: changeSet([modified('Queue', { Action: 'Dynamic' })]) });
  expect(await applied).toMatchObject({ type: 'refused', announced: { replaces: ['Queue'], removes: [] } });
});

test('a nested stack without changes stops nothing', async () => {
  const { applied } = update({
    [ROOT]: changeSet([modified('Queue'), nested('Network', 'arn:network')]),
    'arn:network': { Status: 'FAILED', StatusReason: "The submitted information didn't contain changes." },
  });
  expect(await applied).toMatchObject({ type: 'running', doing: 'updating the stack' });
});

test('a nested change set that did not come about may replace anything', async () => {
  const { applied } = update({
    [ROOT]: changeSet([nested('Network', 'arn:network')]),
    'arn:network': { Status: 'FAILED', StatusReason: 'Parameters: [Name] must have values' },
  });
  expect(await applied).toMatchObject({ type: 'refused', announced: { replaces: ['Network'] } });
});

test('nesting deeper than is looked into may replace anything', async () => {
  const levels = Array.from({ length: 9 }, (_, n) => [
    n === 0 ? ROOT : `arn:${n}`,
    changeSet([nested(`L${n + 1}`, `arn:${n + 1}`)]),
  ]);
  const { applied, commands } = update(Object.fromEntries(levels) as Answers);
  expect(await applied).toMatchObject({ announced: { replaces: ['L1.L2.L3.L4.L5.L6'] } });
  expect(commands('DescribeChangeSet')).toHaveLength(6);
});

test('a nested change set that cannot be read leaves nothing executed and no change set behind', async () => {
  const { applied, commands } = update({ [ROOT]: changeSet([nested('Network', 'arn:gone')]) });
  expect(await applied).toMatchObject({ type: 'refused', diagnostic: { code: 'EK6017' } });
  expect(commands('ExecuteChangeSet')).toEqual([]);
  expect(commands('DeleteChangeSet')).toHaveLength(1);
});
