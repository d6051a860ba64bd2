import type { Capability } from '../../model/identifiers.js';
import type { TemplateDocument } from '../../model/template.js';
import { FOR_EACH, isMapping, resourcesOf, section } from '../../model/template-resources.js';
import type { TemplateResource } from '../../model/template-resources.js';

/** Resource type → the property that gives it a name of the author's choice; null where it has none. AWS lists these types under CAPABILITY_IAM. */
const IAM_TYPES: ReadonlyMap<string, string | null> = new Map([
  ['AWS::IAM::AccessKey', null],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', null],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', null],
]);

/** SAM writes a role for these unless they, or the Globals of that name, are given one. */
const SAM_TYPES_WITH_ROLE: ReadonlyMap<string, string> = new Map([
  ['AWS::Serverless::Function', 'Function'],
  ['AWS::Serverless::StateMachine', 'StateMachine'],
]);

const NESTED_TYPES: ReadonlySet<string> = new Set(['AWS::CloudFormation::Stack', 'AWS::Serverless::Application']);

export function isNestedStack(type: string): boolean {
  return NESTED_TYPES.has(type);
}

/** The names of all macros, in the order in which they stand: those of the whole template first, then `Fn::Transform` wherever it is. */
export function transformsOf(document: TemplateDocument): readonly string[] {
  const declared = document['Transform'];
  const whole = (Array.isArray(declared) ? declared : declared === undefined ? [] : [declared]).flatMap(macroName);
  return [...new Set([...whole, ...embedded(document)])];
}

/** What CloudFormation asks to be acknowledged. A nested stack may hold macros that cannot be seen from here, so it asks for CAPABILITY_AUTO_EXPAND. */
export function capabilitiesOf(document: TemplateDocument): readonly Capability[] {
  const resources = resourcesOf(document);
  const capabilities: Capability[] = [];
  if (transformsOf(document).length > 0 || usesLoops(document) || resources.some(({ type }) => NESTED_TYPES.has(type)))
    capabilities.push('CAPABILITY_AUTO_EXPAND');
  if (resources.some(isNamed)) capabilities.push('CAPABILITY_NAMED_IAM');
  else if (resources.some((resource) => IAM_TYPES.has(resource.type) || getsRoleFromSam(resource, document)))
    capabilities.push('CAPABILITY_IAM');
  return capabilities;
}

/** Sorted, each once, and without CAPABILITY_IAM where CAPABILITY_NAMED_IAM grants it too. */
export function uniteCapabilities(...sets: readonly (readonly Capability[])[]): readonly Capability[] {
  const all = new Set(sets.flat());
  if (all.has('CAPABILITY_NAMED_IAM')) all.delete('CAPABILITY_IAM');
  return [...all].sort();
}

function isNamed({ type, properties }: TemplateResource): boolean {
  const name = IAM_TYPES.get(type);
  return typeof name === 'string' && properties[name] !== undefined && properties[name] !== null;
}

function getsRoleFromSam({ type, properties }: TemplateResource, document: TemplateDocument): boolean {
  const globals = SAM_TYPES_WITH_ROLE.get(type);
  if (globals === undefined) return false;
  const common = section(document, 'Globals')[globals];
  return properties['Role'] === undefined && !(isMapping(common) && common['Role'] !== undefined);
}

function usesLoops(document: TemplateDocument): boolean {
  return Object.keys(section(document, 'Resources')).some((key) => key.startsWith(FOR_EACH));
}

function macroName(macro: unknown): readonly string[] {
  if (typeof macro === 'string') return [macro];
  return isMapping(macro) && typeof macro['Name'] === 'string' ? [macro['Name']] : [];
}

function embedded(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(embedded);
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'Fn::Transform'
      ? [...(Array.isArray(inner) ? inner.flatMap(macroName) : macroName(inner)), ...embedded(inner)]
      : embedded(inner),
  );
}
