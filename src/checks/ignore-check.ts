import type { IgnoreRule } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import { STACK_SUBJECT } from '../model/drift.js';
import { hasPassed } from '../model/moment.js';
import { nearest } from '../model/nearest.js';
import { parseTemplate } from '../model/template.js';
import type { TemplateDocument } from '../model/template.js';
import { nestedReferences, resourcesOf, section } from '../model/template-resources.js';
import type { TemplateResource } from '../model/template-resources.js';
import type { Subject } from './subject.js';

type Spot = 'resource' | 'path' | 'expires';
type Misfit = {
  readonly code: DiagnosticCode;
  readonly at: Spot;
  readonly message: string;
  readonly remedy: string;
};

/** Ignore rules that hide nothing: warnings, because a template may lose a resource long before somebody tidies up the rules. */
export function checkIgnoreRules(subject: Subject): readonly Diagnostic[] {
  const { desired, now } = subject;
  return desired.driftIgnore.flatMap((rule, index) => {
    const misfit = hasPassed(rule.expires, now) ? expired(rule) : misfitOf(rule, subject);
    if (misfit === null) return [];
    const { code, at, message, remedy } = misfit;
    const place = desired.at('spec', 'drift', 'ignore', index, at);
    return [{ code, severity: 'warning', address: desired.address, place, message, remedy }];
  });
}

function expired({ resource, path, expires, reason }: IgnoreRule): Misfit {
  return {
    code: 'EK5045',
    at: 'expires',
    message: `this expired on ${expires!}: drift of ${path} of ${resource} (${reason}) is hidden no longer`,
    remedy: 'remove the rule and have the drift put right, or write a later date',
  };
}

function misfitOf(rule: IgnoreRule, { artifact }: Subject): Misfit | null {
  const steps = rule.resource.split('.');
  const within = steps.slice(0, -1);
  const last = steps.at(-1)!;
  let document = documentOf(artifact.template);
  for (const [depth, step] of within.entries()) {
    if (document === null) return null;
    if (!isKnown(step, document)) return noResource(rule, step, within.slice(0, depth), document);
    document = nestedIn(document, step, subjectObjects(artifact));
  }
  // A nested template that is somewhere else, or that cannot be read, is not judged.
  if (document === null) return null;
  if (last === STACK_SUBJECT) return noParameter(rule, document);
  if (!isKnown(last, document)) return noResource(rule, last, within, document);
  return notCompared(rule, last, document);
}

type Objects = ReadonlyMap<string, Uint8Array>;

function subjectObjects({ objects }: Subject['artifact']): Objects {
  return new Map(objects.map(({ sha256, bytes }) => [sha256, bytes]));
}

function documentOf(text: string): TemplateDocument | null {
  const parsed = parseTemplate(text);
  return parsed.type === 'template' ? parsed.document : null;
}

function nestedIn(document: TemplateDocument, logicalId: string, objects: Objects): TemplateDocument | null {
  const nested = nestedReferences(document).find((each) => each.logicalId === logicalId);
  const bytes = nested === undefined ? undefined : objects.get(nested.sha256);
  return bytes === undefined ? null : documentOf(new TextDecoder().decode(bytes));
}

/** Whether CloudFormation may know a resource by that id: a loop makes those of which a pattern is written, and a transform its own. */
function isKnown(logicalId: string, document: TemplateDocument): boolean {
  if (isRewritten(document)) return true;
  const resources = resourcesOf(document);
  if (resources.some((resource) => patternOf(resource).test(logicalId))) return true;
  const serverless = resources.filter(isServerless);
  return (
    serverless.some((each) => logicalId.startsWith(each.logicalId)) ||
    (serverless.length > 0 && OF_THE_TRANSFORM.test(logicalId))
  );
}

const isServerless = ({ type }: TemplateResource): boolean => type.startsWith('AWS::Serverless::');
/** What the serverless transform makes for all of a template: implicit APIs with their stages, and what deploys gradually. */
const OF_THE_TRANSFORM = /^(?:Serverless|CodeDeployServiceRole$)/;
const READABLE: ReadonlySet<unknown> = new Set(['AWS::Serverless-2016-10-31', 'AWS::LanguageExtensions']);

/** Whether a macro that nobody here can follow makes another template of it. */
function isRewritten(document: TemplateDocument): boolean {
  const transforms = [document['Transform'] ?? []].flat();
  return transforms.some((name) => !READABLE.has(name)) || 'Fn::Transform' in section(document, 'Resources');
}

function patternOf({ logicalId }: TemplateResource): RegExp {
  const parts = logicalId.split(/[$&]\{[^}]*\}/).map((part) => part.replace(/\W/g, '\\$&'));
  return new RegExp(`^${parts.join('[A-Za-z0-9]+')}$`);
}

function noResource(
  { resource, path }: IgnoreRule,
  step: string,
  within: readonly string[],
  document: TemplateDocument,
): Misfit {
  const near = nearest(
    step,
    resourcesOf(document).map(({ logicalId }) => logicalId),
  );
  const where = within.length === 0 ? 'the template' : `nested stack ${within.join('.')}`;
  const right = near === null ? null : resource.split('.').with(within.length, near).join('.');
  return {
    code: 'EK5042',
    at: 'resource',
    message: `${where} has no resource ${step}, so the rule for ${path} hides nothing`,
    remedy: right === null ? 'remove the rule, or name a resource of the template' : `did you mean ${right}?`,
  };
}

function noParameter({ path }: IgnoreRule, document: TemplateDocument): Misfit | null {
  const [, setting, name] = path.split('/').map(unescaped);
  const parameters = section(document, 'Parameters');
  if (setting !== 'Parameters' || name === undefined || Object.hasOwn(parameters, name)) return null;
  const near = nearest(name, Object.keys(parameters));
  return {
    code: 'EK5044',
    at: 'path',
    message: `the template has no parameter ${name}, so the rule hides nothing`,
    remedy: near === null ? 'remove the rule' : `did you mean /Parameters/${near}?`,
  };
}

/** CloudFormation compares only what the template sets. Of tags it knows those of the stack too, and inside a property it may find more than is set. */
function notCompared({ path, resource }: IgnoreRule, logicalId: string, document: TemplateDocument): Misfit | null {
  const property = unescaped(path.split('/')[1] ?? '');
  const found = resourcesOf(document).find((each) => patternOf(each).test(logicalId));
  if (property === '' || property === 'Tags' || found === undefined || isServerless(found)) return null;
  if (isRewritten(document)) return null;
  const { properties, type } = found;
  if (Object.hasOwn(properties, property) || 'Fn::Transform' in properties) return null;
  const inner = property === 'Properties' ? unescaped(path.split('/')[2] ?? '') : '';
  const near = Object.hasOwn(properties, inner) ? inner : nearest(property, Object.keys(properties));
  return {
    code: 'EK5043',
    at: 'path',
    message: `the template does not set ${property} of ${resource} (${type}), so CloudFormation never compares it, and the rule hides nothing`,
    remedy: near === null ? 'remove the rule' : `did you mean /${near}?`,
  };
}

/** One name of a JSON pointer. */
function unescaped(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}
