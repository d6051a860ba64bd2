import type { Artifact } from '../model/artifact.js';
import { canonicalJson } from '../model/canonical.js';
import type { Capability } from '../model/identifiers.js';
import type { Field } from '../model/plan.js';
import { parseTemplate } from '../model/template.js';
import type { TemplateDocument } from '../model/template.js';
import { byText } from './describe-wording.js';
import { REDACTED } from './diff.js';
import { nestedTemplates } from './template-nested.js';
import { permissionChanges } from './template-permissions.js';
import type { PermissionChange } from './template-permissions.js';
import { leafFields } from './template-fields.js';
import { updatesInPlace } from './serverless-replacement.js';

/**
 * One resource. `replaced` and what becomes of the others are predicted from the resource schemas; `kept` leaves the stack and stays
 * in the account.
 */
export type ResourceChange = {
  /** Logical id; with those of the nested stacks that it is in before it, parted by slashes. */
  readonly id: string;
  readonly type: string;
  readonly change: 'added' | 'removed' | 'kept' | 'replaced' | 'may-be-replaced' | 'changed';
  /** What differs in one that is there before and after. */
  readonly fields: readonly Field[];
};

export type ParameterChange = {
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** True where there must be a value, now that the template has no default. */
  readonly required: boolean;
  /** Whether the manifest gives it a value. */
  readonly set: boolean;
  readonly fields: readonly Field[];
};

/** What goes from one version of a building block to another, for a reviewer. */
export type TemplateDiff = {
  readonly resources: readonly ResourceChange[];
  readonly parameters: readonly ParameterChange[];
  readonly capabilities: {
    readonly added: readonly Capability[];
    readonly removed: readonly Capability[];
    /** Of the added ones, those that the manifest does not acknowledge. */
    readonly unacknowledged: readonly Capability[];
  };
  readonly permissions: readonly PermissionChange[];
  readonly outputs: { readonly added: readonly string[]; readonly removed: readonly string[] };
};

/** What the manifest says of its building block. */
export type TemplateUse = {
  /** Parameters that it sets, its overrides among them. */
  readonly parameters: ReadonlySet<string>;
  readonly acknowledge: readonly Capability[];
};

type Resources = Pick<TemplateDiff, 'resources' | 'permissions'>;

const MOST_FIELDS = 20;
const DEEPEST = 5;

/** What an upgrade means, nested templates included. Pure but for the schemas, which are loaded here: they cost more memory than all the rest. */
export async function diffTemplates(before: Artifact, after: Artifact, use: TemplateUse): Promise<TemplateDiff> {
  const { resources, permissions } = await diffResources(
    { template: documentOf(before.template), artifact: before },
    { template: documentOf(after.template), artifact: after },
    [],
  );
  const added = after.requiredCapabilities.filter((each) => !before.requiredCapabilities.includes(each));
  const names = (artifact: Artifact): readonly string[] => Object.keys(artifact.outputs).sort(byText);
  return {
    resources,
    parameters: diffParameters(before, after, use),
    capabilities: {
      added,
      removed: before.requiredCapabilities.filter((each) => !after.requiredCapabilities.includes(each)),
      unacknowledged: added.filter((each) => !acknowledges(use.acknowledge, each)),
    },
    permissions,
    outputs: {
      added: names(after).filter((name) => !(name in before.outputs)),
      removed: names(before).filter((name) => !(name in after.outputs)),
    },
  };
}

/** True where a deployment of the one is a deployment of the other. */
export function isSameTemplate({ resources, parameters, capabilities, permissions, outputs }: TemplateDiff): boolean {
  const lists = [resources, parameters, permissions, capabilities.added, capabilities.removed];
  return [...lists, outputs.added, outputs.removed].every((list) => list.length === 0);
}

function acknowledges(given: readonly Capability[], wanted: Capability): boolean {
  return given.includes(wanted) || (wanted === 'CAPABILITY_IAM' && given.includes('CAPABILITY_NAMED_IAM'));
}

function documentOf(text: string): TemplateDocument {
  const parsed = parseTemplate(text);
  return parsed.type === 'template' ? parsed.document : {};
}

type Side = { readonly template: TemplateDocument; readonly artifact: Artifact };

async function diffResources(before: Side, after: Side, within: readonly string[]): Promise<Resources> {
  const { fullDiff, ResourceImpact } = await import('@aws-cdk/cloudformation-diff');
  const diff = fullDiff(before.template, after.template);
  const resources: ResourceChange[] = [];
  diff.resources.forEachDifference((logicalId, difference) => {
    const type = difference.newResourceType ?? difference.oldResourceType ?? 'of no type';
    const found = (change: ResourceChange['change'], fields: readonly Field[] = []): void =>
      void resources.push({ id: [...within, logicalId].join('/'), type, change, fields });
    const fields = leafFields(difference.oldValue, difference.newValue, MOST_FIELDS);
    switch (difference.changeImpact) {
      case ResourceImpact.WILL_REPLACE:
        return found(updatesInPlace(difference) ? 'changed' : 'replaced', fields);
      case ResourceImpact.MAY_REPLACE:
        return found(updatesInPlace(difference) ? 'changed' : 'may-be-replaced', fields);
      case ResourceImpact.WILL_DESTROY:
        return found('removed');
      case ResourceImpact.WILL_ORPHAN:
        return found('kept');
      case ResourceImpact.WILL_CREATE:
      case ResourceImpact.WILL_IMPORT:
        return found('added');
      case ResourceImpact.WILL_UPDATE:
        return found('changed', fields);
      case ResourceImpact.NO_CHANGE:
        if (fields.length > 0) found('changed', fields);
        return;
    }
  });
  const nested = within.length < DEEPEST ? await diffNested(before, after, within) : [];
  return {
    resources: [...resources.sort((a, b) => byText(a.id, b.id)), ...nested.flatMap((each) => each.resources)],
    permissions: [...permissionChanges(diff.iamChanges, within), ...nested.flatMap((each) => each.permissions)],
  };
}

/** Each nested stack on its own: one that is new is all new, one that goes takes everything with it. */
async function diffNested(before: Side, after: Side, within: readonly string[]): Promise<readonly Resources[]> {
  const old = nestedTemplates(before.template, before.artifact);
  const young = nestedTemplates(after.template, after.artifact);
  const changed = [...new Set([...old.keys(), ...young.keys()])]
    .sort(byText)
    .filter((logicalId) => old.get(logicalId)?.sha256 !== young.get(logicalId)?.sha256);
  const found: Resources[] = [];
  for (const logicalId of changed) {
    const side = (nested: typeof old, artifact: Artifact): Side => ({
      template: nested.get(logicalId)?.document ?? {},
      artifact,
    });
    found.push(await diffResources(side(old, before.artifact), side(young, after.artifact), [...within, logicalId]));
  }
  return found;
}

function diffParameters(before: Artifact, after: Artifact, use: TemplateUse): readonly ParameterChange[] {
  const names = [...new Set([...Object.keys(before.parameters), ...Object.keys(after.parameters)])].sort(byText);
  return names.flatMap((name): ParameterChange[] => {
    const old = before.parameters[name];
    const young = after.parameters[name];
    const set = use.parameters.has(name);
    const required = young?.default === null;
    if (young === undefined) return [{ name, change: 'removed', required: false, set, fields: [] }];
    if (old === undefined) return [{ name, change: 'added', required, set, fields: defaultOf(young) }];
    if (canonicalJson(old) === canonicalJson(young)) return [];
    const fields = leafFields(shown(old), shown(young), MOST_FIELDS);
    return fields.length === 0 ? [] : [{ name, change: 'changed', required, set, fields }];
  });
}

type Definition = Artifact['parameters'][string];

/** Of what a parameter is for, only a reader of the template cares. */
function shown({ description: _, constraintDescription: __, ...rest }: Definition): object {
  return { ...rest, default: rest.noEcho && rest.default !== null ? REDACTED : rest.default };
}

function defaultOf({ default: value, noEcho }: Definition): readonly Field[] {
  return value === null ? [] : [{ path: 'default', before: null, after: noEcho ? REDACTED : value }];
}
