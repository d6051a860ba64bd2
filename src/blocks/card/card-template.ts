import { serviceOf } from '../../catalog/fedramp.js';
import type { Artifact } from '../../model/artifact.js';
import type { CardParameter, CardResources, Nested, TemplateFacts } from '../../model/card.js';
import { parseTemplate } from '../../model/template.js';
import type { TemplateDocument } from '../../model/template.js';
import { grantsOf, managedPoliciesOf } from './card-permissions.js';
import { readable } from './card-values.js';
import { isMapping, resourcesOf } from '../../model/template-resources.js';

const MOST_DESCRIPTION = 1024;
const NESTED_TYPES: ReadonlySet<string> = new Set(['AWS::CloudFormation::Stack', 'AWS::Serverless::Application']);

/** What an artifact's template says to somebody who must decide whether to deploy it. */
export function templateFacts(artifact: Artifact, set: Readonly<Record<string, string>>): TemplateFacts {
  const parsed = parseTemplate(artifact.template);
  const document = parsed.type === 'template' ? parsed.document : {};
  return {
    description: readable(document['Description']).slice(0, MOST_DESCRIPTION),
    parameters: parametersOf(artifact, set),
    capabilities: artifact.requiredCapabilities,
    resources: countedResources(document),
    nested: nestedIn(document),
    grants: grantsOf(document),
    managedPolicies: managedPoliciesOf(document),
    notes: [...partitionNotes(document), ...artifact.injected.map((line) => `Evenkeel writes ${line}.`)],
  };
}

/** Those without a default first: they must be given. */
function parametersOf(artifact: Artifact, set: Readonly<Record<string, string>>): readonly CardParameter[] {
  const all = Object.entries(artifact.parameters).map(
    ([name, { type, default: value, allowedValues, description, noEcho }]): CardParameter => ({
      name,
      type,
      default: value,
      allowedValues,
      description,
      noEcho,
      set: Object.hasOwn(set, name) ? set[name]! : null,
    }),
  );
  const isRequired = ({ default: value }: CardParameter): boolean => value === null;
  return [...all.filter(isRequired), ...all.filter((parameter) => !isRequired(parameter))];
}

function countedResources(document: TemplateDocument): readonly CardResources[] {
  const counts = new Map<string, number>();
  for (const { type } of resourcesOf(document)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => {
      const scope = serviceOf(type);
      return { type, count, service: scope?.service ?? null, fedramp: scope?.fedramp ?? 'unknown' };
    });
}

function nestedIn(document: TemplateDocument): readonly Nested[] {
  return resourcesOf(document)
    .filter(({ type }) => NESTED_TYPES.has(type))
    .map(({ logicalId, properties }) => ({ logicalId, of: nestedSource(properties) }));
}

/** SAR leaves the application's ARN and version in the tags of the stack that it makes of a nested application. */
function nestedSource(properties: Readonly<Record<string, unknown>>): string {
  const location = properties['Location'];
  if (isMapping(location) && location['ApplicationId'] !== undefined)
    return `${readable(location['ApplicationId'])} ${readable(location['SemanticVersion'])}`.trim();
  const tags = Array.isArray(properties['Tags']) ? properties['Tags'].filter(isMapping) : [];
  const tag = (key: string): string => readable(tags.find(({ Key }) => Key === key)?.['Value']);
  const application = tag('serverlessrepo:applicationId');
  if (application !== '') return `${application} ${tag('serverlessrepo:semanticVersion')}`.trim();
  return readable(properties['TemplateURL'] ?? location);
}

/** A partition in an ARN that is written out is the only one where that ARN means anything. */
function partitionNotes(document: TemplateDocument): readonly string[] {
  const literal = JSON.stringify(document).match(/arn:(aws(?:-[a-z]+)*):(?=[a-z0-9*-]*:)/g) ?? [];
  const partitions = [...new Set(literal.map((arn) => arn.split(':')[1]!))].sort();
  return partitions.map((partition) => {
    const count = literal.filter((arn) => arn === `arn:${partition}:`).length;
    return `ARNs of the partition ${partition} are written out in ${String(count)} ${count === 1 ? 'place' : 'places'}: elsewhere they mean nothing.`;
  });
}
