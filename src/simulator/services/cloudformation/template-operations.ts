import type { Handler } from '../../kernel/contract.js';
import type { ParameterDefinition, Template } from '../../templates/definition.js';
import { changeSetNamed } from './change-set-lookup.js';
import type { Environment } from './environment.js';
import { livingStack, namedStack } from './lookup.js';
import type { Stack } from './stack.js';
import { requiredTemplate } from './template-source.js';

/** The operations about templates rather than stacks. */
export function templateOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    GetTemplate: (input, call) => {
      const { template } =
        input.ChangeSetName === undefined
          ? namedStack(environment, call, input.StackName).definition
          : changeSetNamed(environment, call, input).changeSet.definition;
      return {
        TemplateBody: inAscii(input.TemplateStage === 'Processed' ? template.processed : template.text),
        StagesAvailable: ['Original', 'Processed'],
      };
    },
    GetTemplateSummary: (input, call) => {
      const template =
        input.StackName === undefined
          ? requiredTemplate(environment, input)
          : knownTemplate(livingStack(environment, call, input.StackName));
      return {
        ...summary(template),
        Parameters: [...template.parameters.values()].map(declaration),
        ResourceTypes: [...new Set([...template.resources.values()].map(({ type }) => type))],
        ...(template.version === undefined ? {} : { Version: template.version }),
        ...(template.metadata === undefined ? {} : { Metadata: JSON.stringify(template.metadata) }),
      };
    },
    ValidateTemplate: (input) => {
      const template = requiredTemplate(environment, input);
      const Parameters = [...template.parameters.values()].map((parameter) => ({
        ParameterKey: parameter.name,
        ...(parameter.default === undefined ? {} : { DefaultValue: parameter.default }),
        NoEcho: parameter.noEcho,
        ...(parameter.description === undefined ? {} : { Description: parameter.description }),
      }));
      return { ...summary(template), Parameters };
    },
  };
}

/** Throws where nobody knows what is in the stack's template. */
function knownTemplate({ seen, definition }: Stack): Template {
  const unknown = seen?.unknown();
  if (unknown !== undefined) throw unknown;
  return definition.template;
}

/** CloudFormation keeps every character of a template, but GetTemplate answers `?` for those that are not ASCII. */
function inAscii(text: string): string {
  return text.replace(/[\u{80}-\u{10ffff}]/gu, '?');
}

function summary({ description, capabilities, capabilitiesReason, transforms }: Template) {
  return {
    ...(description === undefined ? {} : { Description: description }),
    ...(capabilities.length === 0 ? {} : { Capabilities: capabilities }),
    ...(capabilitiesReason === undefined ? {} : { CapabilitiesReason: capabilitiesReason }),
    ...(transforms.length === 0 ? {} : { DeclaredTransforms: transforms }),
  };
}

function declaration(parameter: ParameterDefinition) {
  const { allowedValues } = parameter;
  return {
    ParameterKey: parameter.name,
    ParameterType: parameter.type,
    ...(parameter.default === undefined ? {} : { DefaultValue: parameter.default }),
    NoEcho: parameter.noEcho,
    ...(parameter.description === undefined ? {} : { Description: parameter.description }),
    ParameterConstraints: allowedValues === undefined ? {} : { AllowedValues: allowedValues },
  };
}
