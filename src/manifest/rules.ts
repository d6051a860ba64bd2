import type { Diagnostic } from '../model/diagnostic.js';
import type { ManifestDocument } from './documents.js';
import { error } from './issues.js';
import { valueAt } from './raw.js';
import type { Kind } from './schema/kinds.js';

/** A key of `spec` and what must hold beside it. */
type Rule = {
  readonly kinds: readonly Kind[];
  readonly key: string;
  readonly broken: (value: unknown, spec: (key: string) => unknown) => boolean;
  readonly message: string;
  readonly remedy: string;
};

const isSaid = (value: unknown): boolean => value !== undefined;
const selfManaged = (value: unknown, spec: (key: string) => unknown): boolean =>
  isSaid(value) && (spec('permissionModel') ?? 'self-managed') === 'self-managed';
const serviceManaged = (value: unknown, spec: (key: string) => unknown): boolean =>
  isSaid(value) && spec('permissionModel') === 'service-managed';
const delegated = (value: unknown): boolean => value === 'delegated-admin' || value === 'DELEGATED_ADMIN';

const BOUGHT: readonly Kind[] = ['ServerlessApplication', 'Solution', 'Construct'];
const STACK_SETS: readonly Kind[] = ['StackSet', ...BOUGHT];
const STACK_SET_OPTIONS = ['permissionModel', 'autoDeployment', 'callAs', 'administrationRoleArn', 'executionRoleName'];

/** Kept apart from the schemas, because zod skips what concerns two keys as soon as one of them has a mistake. */
const RULES: readonly Rule[] = [
  ...STACK_SET_OPTIONS.map((key): Rule => ({
    kinds: BOUGHT,
    key,
    broken: (value, spec) => isSaid(value) && spec('via') !== 'stack-set',
    message: `${key} is for stack sets only`,
    remedy: 'remove it, or write via: stack-set',
  })),
  {
    kinds: BOUGHT,
    key: 'terminationProtection',
    broken: (value, spec) => isSaid(value) && spec('via') === 'stack-set',
    message: 'a stack set cannot protect its stacks against termination',
    remedy: 'remove it, or write via: stack',
  },
  {
    kinds: ['Stack', ...STACK_SETS],
    key: 'adopt',
    broken: (value, spec) => value === true && !isSaid(spec('stackName')),
    message: 'adopt does not say which stack to take over',
    remedy: 'add stackName',
  },
  {
    kinds: STACK_SETS,
    key: 'autoDeployment',
    broken: selfManaged,
    message: 'autoDeployment is for service-managed stack sets only',
    remedy: 'remove it, or write permissionModel: service-managed',
  },
  {
    kinds: STACK_SETS,
    key: 'callAs',
    broken: (value, spec) => delegated(value) && selfManaged(value, spec),
    message: 'a delegated administrator has service-managed stack sets only',
    remedy: 'remove callAs, or write permissionModel: service-managed',
  },
  {
    kinds: STACK_SETS,
    key: 'administrationRoleArn',
    broken: serviceManaged,
    message: 'administrationRoleArn is for self-managed stack sets only',
    remedy: 'remove it, or write permissionModel: self-managed',
  },
  {
    kinds: STACK_SETS,
    key: 'executionRoleName',
    broken: serviceManaged,
    message: 'executionRoleName is for self-managed stack sets only',
    remedy: 'remove it, or write permissionModel: self-managed',
  },
];

/** Keys that make sense only together with others, or only without them. */
export function brokenRules(document: ManifestDocument, kind: Kind): readonly Diagnostic[] {
  const spec = (key: string): unknown => valueAt(document.value, ['spec', key]);
  return RULES.filter((rule) => rule.kinds.includes(kind) && rule.broken(spec(rule.key), spec)).map((rule) =>
    error('EK2008', rule.message, rule.remedy, document.places.key('spec', rule.key)),
  );
}
