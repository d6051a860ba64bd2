import type { TemplateDiff } from '@aws-cdk/cloudformation-diff';
import { canonicalJson } from '../model/canonical.js';
import { byText } from './describe-wording.js';

/** What somebody may do after an upgrade that he might not before, or no longer. */
export type PermissionChange = {
  readonly change: 'granted' | 'withdrawn';
  /** `Allow`, `Deny`, or empty for a managed policy and for what only CloudFormation can work out. */
  readonly effect: string;
  /** Who, such as `AWS:${Role}`. */
  readonly principal: string;
  readonly actions: readonly string[];
  readonly resource: string;
  /** Canonical JSON; empty where there is none. */
  readonly condition: string;
  /** Logical ids of the nested stacks that it is in, parted by slashes; empty at the top. */
  readonly within: string;
};

type IamChanges = TemplateDiff['iamChanges'];
type Statement = IamChanges['statements']['additions'][number];
type Grant = Omit<PermissionChange, 'change' | 'actions' | 'within'>;

/** Statements taken apart into actions, so that one more action in a long statement is one line and not two statements. */
export function permissionChanges(iam: IamChanges, within: readonly string[]): readonly PermissionChange[] {
  const before = grantsOf(iam.statements.removals);
  const after = grantsOf(iam.statements.additions);
  const changes = [
    ...remaining(after, before).map((each) => ({ change: 'granted' as const, ...each })),
    ...remaining(before, after).map((each) => ({ change: 'withdrawn' as const, ...each })),
    ...iam.managedPolicies.additions.map((each) => ({ change: 'granted' as const, ...attached(each) })),
    ...iam.managedPolicies.removals.map((each) => ({ change: 'withdrawn' as const, ...attached(each) })),
  ];
  return changes
    .map((each): PermissionChange => ({ ...each, within: within.join('/') }))
    .sort((a, b) => byText(canonicalJson(a), canonicalJson(b)));
}

function attached(policy: { readonly identityArn: string; readonly managedPolicyArn: string }) {
  const { identityArn: principal, managedPolicyArn: resource } = policy;
  return { effect: '', principal, actions: ['managed policy'], resource, condition: '' };
}

/** Who, on what, under which condition → actions. */
type Grants = ReadonlyMap<string, { readonly grant: Grant; readonly actions: ReadonlySet<string> }>;

function grantsOf(statements: readonly Statement[]): Grants {
  const grants = new Map<string, { readonly grant: Grant; readonly actions: Set<string> }>();
  for (const statement of statements) {
    const rendered = statement.render();
    const { resources, actions } = statement;
    const each = resources.not || resources.values.length === 0 ? [rendered.resource] : resources.values;
    const condition = statement.condition === undefined ? '' : canonicalJson(statement.condition);
    for (const resource of each) {
      const grant: Grant = {
        effect: rendered.effect,
        principal: oneLine(rendered.principal),
        resource: oneLine(resource),
        condition,
      };
      const key = canonicalJson(grant);
      const known = grants.get(key) ?? { grant, actions: new Set() };
      const all = actions.not || actions.values.length === 0 ? [oneLine(rendered.action)] : actions.values;
      all.filter((action) => action !== '').forEach((action) => known.actions.add(action));
      grants.set(key, known);
    }
  }
  return grants;
}

function remaining(these: Grants, those: Grants): readonly (Grant & { readonly actions: readonly string[] })[] {
  return [...these].flatMap(([key, { grant, actions }]) => {
    const known = those.get(key);
    const left = [...actions].filter((action) => known?.actions.has(action) !== true).sort(byText);
    const isNew = left.length > 0 || (actions.size === 0 && known === undefined);
    return isNew ? [{ ...grant, actions: left }] : [];
  });
}

function oneLine(text: string): string {
  return text.split('\n').join(', ');
}
