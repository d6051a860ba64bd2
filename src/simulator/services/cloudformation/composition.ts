import { AwsError } from '../../kernel/contract.js';
import { evaluate, evaluateObject, holds, type Scope } from '../../templates/intrinsics.js';
import { scalarText, type Json } from '../../templates/json.js';
import { invalid } from '../../templates/refusal.js';
import { attributeValue } from '../../templates/resource-attributes.js';
import { physicalId, type ResourceSubject } from '../../templates/resource-identity.js';
import type { ResourceDefinition } from '../../templates/definition.js';
import { areaOf, subjectOf, type Environment } from './environment.js';
import type { Contents, Definition, LiveResource, Output, Stack } from './stack.js';

/** What CloudFormation finds out only once an operation is under way: nobody exports the name. */
export class MissingExport extends AwsError {
  constructor(name: string) {
    super('ValidationError', `No export named ${name} found.`);
  }
}

/** Where a definition is evaluated in a stack: `Ref` and attributes come from `resources`; `imports` collects what is imported. */
export function openScope(
  environment: Environment,
  stack: Stack,
  definition: Definition,
  resources: ReadonlyMap<string, LiveResource>,
  imports: Set<string>,
): Scope {
  return {
    template: definition.template,
    parameters: definition.parameters,
    place: stack.place,
    decided: new Map(),
    reference: (logicalId) => resources.get(logicalId)?.physicalId,
    attribute: (logicalId, attribute) => {
      const resource = resources.get(logicalId);
      return resource && attributeOf(environment, stack, resource, attribute);
    },
    imported: (name) => {
      const found = areaOf(environment, stack).exports.get(name);
      if (!found) throw new MissingExport(name);
      imports.add(name);
      return found.value;
    },
  };
}

/** An attribute of a resource that exists; refused where its type has none of that name. */
export function attributeOf(environment: Environment, stack: Stack, resource: LiveResource, attribute: string): Json {
  const value =
    resource.type === 'AWS::CloudFormation::Stack' && attribute.startsWith('Outputs.')
      ? environment.nested.output(stack, resource.physicalId, attribute.slice('Outputs.'.length))
      : attributeValue(subjectOf(stack, resource), attribute);
  if (value !== undefined) return value;
  throw invalid(
    `Template error: resource ${resource.logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
  );
}

/** The resources whose condition holds, each after all that it depends on. */
export function activeResources({ template }: Definition, scope: Scope): readonly ResourceDefinition[] {
  return [...template.resources.values()].filter(({ condition }) => condition === undefined || holds(condition, scope));
}

/** The outputs whose condition holds, with their values. */
export function evaluateOutputs({ template }: Definition, scope: Scope): readonly Output[] {
  return template.outputs
    .filter(({ condition }) => condition === undefined || holds(condition, scope))
    .map(({ name, value, description, exportName }) => {
      const evaluated = evaluate(value, scope);
      if (evaluated === undefined || typeof evaluated === 'object') {
        throw invalid(`Template format error: The Value field of every Outputs member must evaluate to a String.`);
      }
      const exported = exportName === undefined ? undefined : evaluate(exportName, scope);
      return {
        OutputKey: name,
        OutputValue: scalarText(evaluated),
        ...(description === undefined ? {} : { Description: description }),
        ...(exported === undefined ? {} : { ExportName: scalarText(exported) }),
      };
    });
}

/** Evaluates everything once more for what it imports: an update does not touch the resources that stay as they are. */
export function collectImports(definition: Definition, scope: Scope): void {
  for (const { properties } of activeResources(definition, scope)) evaluateObject(properties, scope);
}

/** Refuses parameters that one of the template's rules forbids. */
export function checkRules({ template }: Definition, scope: Scope): void {
  for (const rule of template.rules) {
    if (rule.condition !== undefined && evaluate(rule.condition, scope) !== true) continue;
    const failed = rule.assertions.find(({ assert }) => evaluate(assert, scope) !== true);
    if (failed) throw invalid(`Template error: Rule ${rule.name} failed: ${failed.description}`);
  }
}

/** What is in a stack; throws where nobody knows. One that was placed is worked out on first sight: most of tens of thousands are never looked into. */
export function contentsOf(environment: Environment, stack: Stack): Contents {
  const unknown = stack.seen?.unknown();
  if (unknown !== undefined) throw unknown;
  return knownContents(environment, stack);
}

/** What is known of what is in a stack: of some that were placed, the outputs and no resources. */
export function knownContents(environment: Environment, stack: Stack): Contents {
  stack.contents ??= completed(environment, stack);
  return stack.contents;
}

/** Outputs without working out the resources where there are none. */
export function outputsOf(environment: Environment, stack: Stack): readonly Output[] {
  return stack.definition.template.outputs.length === 0 ? [] : knownContents(environment, stack).outputs;
}

/** Contents of a stack all of whose resources were created without anybody watching. */
function completed(environment: Environment, stack: Stack): Contents {
  const { resources, imports, scope } = standingResources(environment, stack, physicalId);
  return { resources, imports, outputs: evaluateOutputs(stack.definition, scope) };
}

/** The resources that a stack's definition comes to, all of them made when the stack was. Throws where it cannot be evaluated. */
export function standingResources(
  environment: Environment,
  stack: Stack,
  identify: (subject: ResourceSubject) => string,
): { readonly resources: Map<string, LiveResource>; readonly imports: ReadonlySet<string>; readonly scope: Scope } {
  const resources = new Map<string, LiveResource>();
  const imports = new Set<string>();
  const scope = openScope(environment, stack, stack.definition, resources, imports);
  for (const definition of activeResources(stack.definition, scope)) {
    const { logicalId, type } = definition;
    const properties = evaluateObject(definition.properties, scope);
    resources.set(logicalId, {
      logicalId,
      type,
      definition,
      properties,
      generation: 0,
      physicalId: identify({ logicalId, type, properties, generation: 0, place: stack.place }),
      metadata: evaluateObject(definition.metadata, scope),
      status: 'CREATE_COMPLETE',
      reason: undefined,
      updatedAt: stack.createdAt,
      actual: properties,
      drift: undefined,
    });
  }
  return { resources, imports, scope };
}
