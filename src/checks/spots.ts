import type { Deployment } from '../model/desired.js';
import type { AccountId, Region } from '../model/identifiers.js';
import type { Target } from '../model/target.js';
import type { Environment } from './expression.js';
import type { Subject } from './subject.js';
import { isPlain } from './templates.js';
import type { Template } from './templates.js';

/** Targets at which everything that an expression can see is the same. */
export type Spot = { readonly at: Environment; readonly targets: readonly Target[] };

/** What stands in for an account that nobody has asked for: as long as all others. */
const ANY_ACCOUNT = '000000000000' as AccountId;

/**
 * The places that a template goes to, as few as the names that matter allow: where nothing varies, thousands of targets are one spot.
 * Offline there is one for each Region that the manifest names, with no targets.
 */
export function spotsOf(subject: Subject, template: Template, names: ReadonlySet<string>): readonly Spot[] {
  const { desired, deployments } = subject;
  if (deployments === null) {
    const regions = [...new Set(desired.targets.flatMap((selector) => selector.regions))];
    return regions.map((region) => ({
      at: environmentAt(subject, template, names, { account: ANY_ACCOUNT, region }, null),
      targets: [],
    }));
  }
  const first = deployments[0];
  if (first === undefined) return [];
  const varying = [...names].filter((name) => isVarying(name, template, subject));
  if (varying.length === 0)
    return [{ at: environmentAt(subject, template, names, first.target, first), targets: deployments.map(targetOf) }];

  const spots = new Map<string, { at: Environment; targets: Target[] }>();
  for (const deployment of deployments) {
    const key = varying.map((name) => valueAt(name, deployment)).join('\0');
    const spot = spots.get(key);
    if (spot !== undefined) spot.targets.push(deployment.target);
    else
      spots.set(key, {
        at: environmentAt(subject, template, names, deployment.target, deployment),
        targets: [deployment.target],
      });
  }
  return [...spots.values()];
}

/** A template may call a parameter `constructor`. */
const ownOf = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const targetOf = ({ target }: Deployment): Target => target;

function isVarying(name: string, template: Template, { artifact }: Subject): boolean {
  if (name === 'AWS::AccountId' || name === 'AWS::Region') return true;
  return template.defaults === null && Object.hasOwn(artifact.parameters, name);
}

function valueAt(name: string, { target, parameters }: Deployment): string {
  if (name === 'AWS::AccountId') return target.account;
  if (name === 'AWS::Region') return target.region;
  return ownOf(parameters, name) ?? '';
}

function environmentAt(
  { controller, desired, artifact }: Subject,
  template: Template,
  names: ReadonlySet<string>,
  target: { readonly account: AccountId; readonly region: Region },
  deployment: Deployment | null,
): Environment {
  const parameterAt = (name: string): string | null => {
    const declared = artifact.parameters[name];
    if (declared === undefined || declared.noEcho || !isPlain(declared.type)) return null;
    if (deployment !== null && Object.hasOwn(deployment.references, name)) return null;
    const value = (deployment === null ? offline(name) : ownOf(deployment.parameters, name)) ?? declared.default;
    return value === null || value.includes('${') || value.includes('{{resolve:') ? null : value;
  };
  // Without targets nobody knows which override applies.
  const offline = (name: string): string | undefined =>
    desired.overrides.some(({ parameters }) => Object.hasOwn(parameters, name))
      ? '${override}'
      : ownOf(desired.parameters, name);
  return {
    partition: controller.partition,
    account: target.account,
    region: target.region,
    // A stack set names its stacks by itself, and a stack those inside it.
    stackName: desired.driver === 'stack' && template.defaults === null ? desired.stackName : null,
    parameters:
      template.defaults ??
      Object.fromEntries(
        [...names].filter((name) => Object.hasOwn(artifact.parameters, name)).map((name) => [name, parameterAt(name)]),
      ),
  };
}
