import type { Grant, ManagedPolicy } from '../model/card.js';
import type { Line, Span } from '../model/document.js';
import type { Capability } from '../model/identifiers.js';
import { abbreviated } from './describe-wording.js';

const MOST_NAMED = 12;

const MEANINGS: Readonly<Record<Capability, string>> = {
  CAPABILITY_IAM: 'it makes IAM roles or policies',
  CAPABILITY_NAMED_IAM: 'it makes IAM roles or policies whose names it chooses',
  CAPABILITY_AUTO_EXPAND: 'it has macros or nested stacks, which may bring more than is seen here',
  CAPABILITY_RESOURCE_POLICY: 'it says who else may use its resources',
};

/** What must be acknowledged and why, and whether the manifest does. */
export function capabilityItems(
  capabilities: readonly Capability[],
  acknowledged: readonly Capability[] | null,
): readonly Line[] {
  return capabilities.map((capability) => [
    { text: capability, tone: 'strong' },
    `: ${MEANINGS[capability]}`,
    ...acknowledgement(capability, acknowledged),
  ]);
}

/** Who may name roles may make them. */
function acknowledgement(capability: Capability, acknowledged: readonly Capability[] | null): readonly Span[] {
  if (acknowledged === null) return [];
  const covered =
    acknowledged.includes(capability) ||
    (capability === 'CAPABILITY_IAM' && acknowledged.includes('CAPABILITY_NAMED_IAM'));
  return [covered ? { text: '; acknowledged', tone: 'good' } : { text: '; not acknowledged', tone: 'bad' }];
}

/** What is permitted, the widest first, so that a list that is cut loses the narrow ones. */
export function grantItems(grants: readonly Grant[], managed: readonly ManagedPolicy[]): readonly Line[] {
  const rank = ({ effect, wide }: Grant): number => (effect === 'Allow' ? -wide.length : 1);
  return [
    ...[...grants].sort((left, right) => rank(left) - rank(right)).map(grantItem),
    ...managed.map(({ holder, policy }): Line => [
      { text: holder, tone: 'strong' },
      ` may what the policy ${policy} says, which stands elsewhere`,
    ]),
  ];
}

function grantItem(grant: Grant): Line {
  const { effect, resources, conditioned } = grant;
  const holder: Span = { text: grant.holder, tone: 'strong' };
  const may = effect === 'Allow' ? ' may ' : ' may not ';
  const actions = abbreviated(grant.actions, MOST_NAMED);
  const principals = abbreviated(grant.principals, MOST_NAMED);
  const on = resources.length === 0 ? '' : ` on ${abbreviated(resources, MOST_NAMED)}`;
  const said: Readonly<Record<Grant['on'], readonly (string | Span)[]>> = {
    identity: [holder, `${may}${actions}${on}`],
    resource: [`${principals}${may}${actions}${on}, says `, holder],
    trust: [holder, `${may}be assumed by ${principals}`],
  };
  return [...said[grant.on], conditioned ? ', under conditions' : '', ...wildcards(grant)];
}

const WIDE: Readonly<Record<Grant['wide'][number], string>> = {
  actions: 'wildcard in actions',
  resources: 'any resource',
  principals: 'anybody',
};

/** A wildcard that denies is no danger. */
function wildcards({ effect, wide }: Grant): readonly Span[] {
  if (effect === 'Deny' || wide.length === 0) return [];
  return [{ text: ` (${wide.map((part) => WIDE[part]).join(', ')})`, tone: 'warn' }];
}
