import type { ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { announcedBy } from '../../../src/drivers/announced.js';

const reads = (CausingEntity: string, more: ResourceChangeDetail = {}): ResourceChangeDetail => ({
  Target: { Attribute: 'Properties', Name: 'SourceArn', RequiresRecreation: 'Always' },
  Evaluation: 'Dynamic',
  ChangeSource: CausingEntity.includes('.') ? 'ResourceAttribute' : 'ResourceReference',
  CausingEntity,
  ...more,
});
const of = (type: string, change: ResourceChange): ResourceChange => ({ ...change, ResourceType: type });
const modified = (
  id: string,
  Replacement: 'True' | 'False' | 'Conditional',
  ...Details: ResourceChangeDetail[]
): ResourceChange => ({
  Action: 'Modify',
  LogicalResourceId: id,
  Replacement,
  Details,
});
const replaced = (...changes: ResourceChange[]) => announcedBy(changes).replaces;

describe('a conditional replacement', () => {
  it('does not come true where only the identity of what is updated in place is read', () => {
    expect(replaced(modified('Rule', 'False'), modified('Permission', 'Conditional', reads('Rule.Arn')))).toEqual([]);
    const topic = of('AWS::SNS::Topic', modified('Topic', 'False'));
    expect(replaced(topic, modified('Subscription', 'Conditional', reads('Topic.TopicArn')))).toEqual([]);
    expect(replaced(modified('Key', 'False'), modified('Alias', 'Conditional', reads('Key')))).toEqual([]);
  });

  it('counts where what is read is replaced, however far away', () => {
    const chain = [
      modified('Alias', 'Conditional', reads('Permission')),
      modified('Permission', 'Conditional', reads('Rule.Arn')),
      modified('Rule', 'True'),
    ];
    expect(replaced(...chain)).toEqual(['Rule', 'Permission', 'Alias']);
  });

  it('counts where what is read names something else than the resource, such as a stream that is made anew in place', () => {
    const table = of('AWS::DynamoDB::Table', modified('Table', 'False'));
    expect(replaced(table, modified('Mapping', 'Conditional', reads('Table.StreamArn')))).toEqual(['Mapping']);
  });

  it('counts where an attribute is read that may change in place', () => {
    expect(
      replaced(modified('Template', 'False'), modified('Fleet', 'Conditional', reads('Template.LatestVersionNumber'))),
    ).toEqual(['Fleet']);
  });

  it('counts where the property itself decides, or where nothing is said of why', () => {
    const sometimes = { Attribute: 'Properties', Name: 'Engine', RequiresRecreation: 'Conditionally' } as const;
    expect(replaced(modified('Database', 'Conditional', reads('Rule.Arn', { Target: sometimes })))).toEqual([
      'Database',
    ]);
    expect(replaced(modified('Database', 'Conditional', reads('Rule.Arn', { Evaluation: 'Static' })))).toEqual([
      'Database',
    ]);
    expect(replaced(modified('Database', 'Conditional'))).toEqual(['Database']);
  });

  it('counts where what is read is made or goes', () => {
    const added = { Action: 'Add', LogicalResourceId: 'Rule' } as const;
    expect(replaced(added, modified('Permission', 'Conditional', reads('Rule.Arn')))).toEqual(['Permission']);
  });
});

describe('what is announced besides', () => {
  it('is what CloudFormation replaces for certain, does not know yet, and removes', () => {
    expect(
      announcedBy([
        modified('One', 'True'),
        { Action: 'Dynamic', LogicalResourceId: 'Two' },
        { Action: 'Remove', LogicalResourceId: 'Three' },
        modified('Four', 'False'),
      ]),
    ).toEqual({ replaces: ['One', 'Two'], removes: ['Three'] });
  });
});
