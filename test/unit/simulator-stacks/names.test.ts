import { describe, expect, it } from 'vitest';
import { bench } from './world.js';

const alias = (functionName: string): object => ({
  Type: 'AWS::Lambda::Alias',
  Properties: { Name: 'live', FunctionName: functionName, FunctionVersion: '1' },
});
const group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/one' } };

describe('a name that a template gives', () => {
  it('may stand once in each of what it belongs to: two functions, one alias each', async () => {
    const { create, settle, describe: show } = bench();
    await create('aliases', { Resources: { One: alias('first'), Two: alias('second') } });
    settle();
    expect((await show('aliases')).StackStatus).toBe('CREATE_COMPLETE');
  });

  it('is refused where something has it already', async () => {
    const { create, settle, describe: show } = bench();
    await create('first', { Resources: { Group: group, Alias: alias('first') } });
    settle();
    await create('second', { Resources: { Group: group } });
    await create('third', { Resources: { Alias: alias('first') } });
    settle();
    expect((await show('second')).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await show('third')).StackStatus).toBe('ROLLBACK_COMPLETE');
  });
});

describe('the id of a Glue database or table', () => {
  it('is the name in its input', async () => {
    const { create, settle, describe: show } = bench();
    const Database = {
      Type: 'AWS::Glue::Database',
      Properties: { CatalogId: '1', DatabaseInput: { Name: 'logs' } },
    };
    const Table = {
      Type: 'AWS::Glue::Table',
      Properties: { CatalogId: '1', DatabaseName: { Ref: 'Database' }, TableInput: { Name: 'access' } },
    };
    const Unnamed = { Type: 'AWS::Glue::Database', Properties: { CatalogId: '1', DatabaseInput: {} } };
    const Outputs = {
      Names: { Value: { 'Fn::Sub': '${Database}.${Table}' } },
      Unnamed: { Value: { Ref: 'Unnamed' } },
    };
    await create('glue', { Resources: { Database, Table, Unnamed }, Outputs });
    settle();
    const { Outputs: outputs } = await show('glue');
    expect(outputs).toMatchObject([
      { OutputValue: 'logs.access' },
      { OutputValue: expect.stringMatching(/^glue-unnamed-/) },
    ]);
  });
});

describe('a resource', () => {
  it('may have a description beside its properties, which says nothing to CloudFormation', async () => {
    const { create, settle, describe: show } = bench();
    await create('described', { Resources: { Group: { ...group, Description: 'What the functions say' } } });
    settle();
    expect((await show('described')).StackStatus).toBe('CREATE_COMPLETE');
  });
});
