import {
  DeleteStackCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
  type Capability,
} from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { assumption, document, type Aws, type Chapter } from '../specification.js';
import { build, invalid, namedRole, output, queue, settle, show, text } from './fixtures.js';
import { api } from './sources.js';

const TRANSFORM = { Transform: 'AWS::LanguageExtensions' };
const EXPAND = { Capabilities: ['CAPABILITY_AUTO_EXPAND' as const] };

export const getTemplate: Chapter = {
  service: 'CloudFormation',
  operation: 'GetTemplate',
  sentences: [
    {
      says: 'answers the template as it was given, byte for byte: comments, spaces and the order of keys',
      source: api('GetTemplate'),
      test: async (aws) => {
        const body = `# why this is so\nResources:\n  Queue:   { Type: "AWS::SQS::Queue", Properties: {QueueName: ${aws.unique('queue')}} }\n\n`;
        const { name } = await build(aws, body);
        expect(await template(aws, name, 'Original')).toBe(body);
        expect(await template(aws, name)).toBe(body);
      },
    },
    {
      says: 'answers ? for each character of the template that is not ASCII',
      source: assumption('what the service is known to do with templates'),
      differs: { moto: 'answers the characters as they are', ministack: 'answers the characters as they are' },
      test: async (aws) => {
        const { name } = await build(aws, { Description: 'Größe', ...queue(aws.unique('queue')) });
        expect(JSON.parse(await template(aws, name))).toMatchObject({ Description: 'Gr??e' });
      },
    },
    {
      says: 'answers the stage Processed without the transforms, and both stages as available',
      source: api('GetTemplate'),
      differs: { moto: 'answers the original for both' },
      test: async (aws) => {
        const { name } = await build(aws, { ...TRANSFORM, ...queue(aws.unique('queue')) }, EXPAND);
        expect(JSON.parse(await template(aws, name, 'Original'))).toHaveProperty('Transform');
        expect(JSON.parse(await template(aws, name, 'Processed'))).not.toHaveProperty('Transform');
        const { StagesAvailable } = await aws.cloudFormation().send(new GetTemplateCommand({ StackName: name }));
        expect(StagesAvailable).toEqual(['Original', 'Processed']);
      },
    },
    {
      says: 'answers in the stage Processed what AWS::Serverless made of the template with the stack’s own parameters',
      source: document('SAM translator, translator/transform.py: parameter values are given to the transform'),
      differs: { moto: 'answers the original', ministack: 'expands it without what the parameter asks for' },
      test: async (aws) => {
        const Properties = {
          InlineCode: 'exports.handler = async () => {}',
          Handler: 'index.handler',
          Runtime: 'nodejs22.x',
          AutoPublishAlias: { Ref: 'Alias' },
        };
        const sam = {
          Transform: 'AWS::Serverless-2016-10-31',
          Parameters: { Alias: { Type: 'String', Default: 'green' } },
          Resources: { Fn: { Type: 'AWS::Serverless::Function', Properties } },
        };
        const Parameters = [{ ParameterKey: 'Alias', ParameterValue: 'blue' }];
        const Capabilities: Capability[] = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'];
        const { name } = await build(aws, sam, { Parameters, Capabilities });
        const { Resources } = JSON.parse(await template(aws, name, 'Processed')) as { Resources: object };
        expect(Object.keys(Resources)).toContain('FnAliasblue');
        expect(Object.keys(Resources)).not.toContain('FnAliasgreen');
      },
    },
    {
      says: 'answers the template of a deleted stack by its StackId',
      source: api('GetTemplate'),
      test: async (aws) => {
        const body = queue(aws.unique('queue'));
        const { id } = await build(aws, body);
        await aws.cloudFormation().send(new DeleteStackCommand({ StackName: id }));
        await settle(aws, id);
        expect(await template(aws, id)).toBe(text(body));
      },
    },
    {
      says: 'answers "Stack with id NAME does not exist"',
      source: assumption('what the service is known to say'),
      differs: { ministack: 'refuses it in other words' },
      test: async (aws) => {
        const name = aws.unique('nobody');
        await invalid(template(aws, name), `Stack with id ${name} does not exist`);
      },
    },
  ],
};

export const getTemplateSummary: Chapter = {
  service: 'CloudFormation',
  operation: 'GetTemplateSummary',
  sentences: [
    {
      says: 'answers the parameters with type, default, constraint and NoEcho, the resource types and the capabilities',
      source: api('GetTemplateSummary'),
      differs: { moto: 'answers no Capabilities', ministack: 'answers no ParameterConstraints' },
      test: async (aws) => {
        const Parameters = {
          Stage: { Type: 'String', Default: 'prod', AllowedValues: ['prod', 'test'], Description: 'where' },
          Secret: { Type: 'String', NoEcho: true },
        };
        const body = { Parameters, ...namedRole(aws.unique('role')), Description: 'words' };
        const summary = await aws.cloudFormation().send(new GetTemplateSummaryCommand({ TemplateBody: text(body) }));
        expect(summary).toMatchObject({
          Description: 'words',
          ResourceTypes: ['AWS::IAM::Role'],
          Capabilities: ['CAPABILITY_NAMED_IAM'],
        });
        expect(summary.Parameters).toEqual(
          expect.arrayContaining([
            expect.objectContaining({
              ParameterKey: 'Stage',
              ParameterType: 'String',
              DefaultValue: 'prod',
              Description: 'where',
              ParameterConstraints: { AllowedValues: ['prod', 'test'] },
            }),
            expect.objectContaining({ ParameterKey: 'Secret', NoEcho: true }),
          ]),
        );
      },
    },
    {
      says: 'answers for the template of a stack',
      source: api('GetTemplateSummary'),
      test: async (aws) => {
        const { name } = await build(aws, queue(aws.unique('queue')));
        const summary = await aws.cloudFormation().send(new GetTemplateSummaryCommand({ StackName: name }));
        expect(summary.ResourceTypes).toEqual(['AWS::SQS::Queue']);
      },
    },
    {
      says: 'answers DeclaredTransforms',
      source: api('GetTemplateSummary'),
      differs: { moto: 'answers none' },
      test: async (aws) => {
        const body = text({ ...TRANSFORM, ...queue('any') });
        const summary = await aws.cloudFormation().send(new GetTemplateSummaryCommand({ TemplateBody: body }));
        expect(summary.DeclaredTransforms).toEqual(['AWS::LanguageExtensions']);
      },
    },
  ],
};

export const validateTemplate: Chapter = {
  service: 'CloudFormation',
  operation: 'ValidateTemplate',
  sentences: [
    {
      says: 'answers description, parameters and the capabilities with their reason, and creates nothing',
      source: api('ValidateTemplate'),
      differs: { moto: 'refuses a parameter that nothing uses' },
      test: async (aws) => {
        const body = {
          ...namedRole('any'),
          Description: 'words',
          Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        };
        const valid = await aws.cloudFormation().send(new ValidateTemplateCommand({ TemplateBody: text(body) }));
        expect(valid).toMatchObject({
          Description: 'words',
          Capabilities: ['CAPABILITY_NAMED_IAM'],
          CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]',
          Parameters: [{ ParameterKey: 'Stage', DefaultValue: 'prod', NoEcho: false }],
        });
      },
    },
    {
      says: 'refuses a template whose references lead nowhere',
      source: api('ValidateTemplate'),
      differs: { moto: 'refuses it in other words', ministack: 'accepts it' },
      test: async (aws) => {
        const TemplateBody = text(output('any', { Ref: 'Nobody' }));
        await invalid(
          aws.cloudFormation().send(new ValidateTemplateCommand({ TemplateBody })),
          'Template format error: Unresolved resource dependencies [Nobody] in the Outputs block of the template',
        );
      },
    },
    {
      says: 'does not hold property names against the resource type: that fails only when the stack is created',
      source: api('ValidateTemplate'),
      differs: { moto: 'refuses it', ministack: 'creates the stack' },
      test: async (aws) => {
        const body = queue(aws.unique('queue'), { Colour: 'red' });
        await aws.cloudFormation().send(new ValidateTemplateCommand({ TemplateBody: text(body) }));
        const { name } = await build(aws, body);
        expect((await show(aws, name)).StackStatus).toBe('ROLLBACK_COMPLETE');
      },
    },
  ],
};

async function template(aws: Aws, stack: string, TemplateStage?: 'Original' | 'Processed'): Promise<string> {
  const stage = TemplateStage === undefined ? {} : { TemplateStage };
  const asked = new GetTemplateCommand({ StackName: stack, ...stage });
  return (await aws.cloudFormation().send(asked)).TemplateBody!;
}
