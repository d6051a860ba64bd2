import { describe, expect, test } from 'vitest';
import { checkStackSet } from '../../../src/drivers/stack-set-check.js';
import type { Artifact } from '../../../src/model/artifact.js';
import type { BlockReference, Desired, StackSetOptions } from '../../../src/model/desired.js';
import { artifact, desired } from '../../support/builders.js';

const options = (permissionModel: StackSetOptions['permissionModel']): StackSetOptions => ({
  permissionModel,
  callAs: 'SELF',
  autoDeployment: null,
  administrationRoleArn: null,
  executionRoleName: null,
});

const BOUGHT: readonly (readonly [Desired['kind'], BlockReference])[] = [
  ['ServerlessApplication', { type: 'serverless-application', application: 'arn', version: '1.0.0' }],
  ['Solution', { type: 'solution', template: null, solution: 'SO0111', part: null, version: 'v3.1.5' }],
  ['Construct', { type: 'construct', construct: 'aws-eventbridge-lambda', version: '2.103.0', props: {} }],
];

describe.each(BOUGHT)('a %s that goes by a service-managed stack set', (kind, block) => {
  const found = (permissionModel: StackSetOptions['permissionModel'], over: Partial<Artifact>) =>
    checkStackSet(
      desired({ kind, block, driver: 'stack-set', stackSet: options(permissionModel) }),
      artifact(over),
      [],
      null,
    ).map(({ code, message }) => `${code} ${message}`);

  test('brings no transform and no nested stack', () => {
    expect(found('SERVICE_MANAGED', { transforms: ['AWS::Serverless-2016-10-31'] })).toEqual([
      'EK5001 the template uses AWS::Serverless-2016-10-31, and a service-managed stack set takes no transforms',
    ]);
    expect(found('SERVICE_MANAGED', { resourceTypes: { Inner: 'AWS::CloudFormation::Stack' } })).toEqual([
      'EK5001 the template nests stacks (Inner), which a service-managed stack set does not take',
    ]);
  });

  test('may bring both by a self-managed one', () => {
    expect(
      found('SELF_MANAGED', {
        transforms: ['AWS::Serverless-2016-10-31'],
        resourceTypes: { I: 'AWS::CloudFormation::Stack' },
      }),
    ).toEqual([]);
  });
});
