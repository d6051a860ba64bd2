import { describe, expect, it } from 'vitest';
import { parseTemplateText } from '../../../src/simulator/templates/document.js';
import { expandServerless } from '../../../src/simulator/templates/serverless.js';

describe('a nested application', () => {
  const nested = (properties: string) =>
    `  Inner: { Type: AWS::Serverless::Application, DependsOn: Other, Properties: ${properties} }\n  Other: { Type: AWS::SNS::Topic }`;

  it('at an address is a nested stack of the template there', () => {
    const template = parseTemplateText(
      `Resources:\n${nested('{ Location: https://bucket.s3.amazonaws.com/t.json, Parameters: { A: b }, TimeoutInMinutes: 5, Tags: { team: x } }')}`,
    );
    const { Inner } = expandServerless(template, {})['Resources'] as Record<string, unknown>;
    expect(Inner).toEqual({
      Type: 'AWS::CloudFormation::Stack',
      DependsOn: 'Other',
      Properties: {
        Parameters: { A: 'b' },
        TimeoutInMinutes: 5,
        TemplateURL: 'https://bucket.s3.amazonaws.com/t.json',
        Tags: [
          { Key: 'lambda:createdBy', Value: 'SAM' },
          { Key: 'team', Value: 'x' },
        ],
      },
    });
  });

  it.each([
    ['{}', 'Resource is missing the required [Location] property.'],
    ['{ Location: { ApplicationId: a } }', 'Resource is missing the required [SemanticVersion] property.'],
    [
      '{ Location: { ApplicationId: a, SemanticVersion: !Ref Version } }',
      "Property 'SemanticVersion' cannot be resolved.",
    ],
    ['{ Location: { ApplicationId: a, SemanticVersion: 1.0.0 } }', 'The simulator expands applications'],
    ['{ Location: "https://x/t", Tags: { "lambda:createdBy": me } }', 'lambda:createdBy is a reserved Tag key name'],
  ])('of %s is refused', (properties, message) => {
    const template = parseTemplateText(`Resources:\n${nested(properties)}`);
    expect(() => expandServerless(template, {})).toThrow(message);
  });
});
