import type { OrganizationFile, SimulatedAccount, StackRequest } from '../kernel/contract.js';

const NAMES = ['landing-zone-baseline', 'network-core', 'team-dashboards', 'legacy-audit-trail', 'cost-alarms'];
const TEAMS = ['platform', 'network', 'observability', 'audit', 'finance'];

const TEMPLATE = JSON.stringify({
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'Somebody else’s stack.',
  Resources: { Notifications: { Type: 'AWS::SNS::Topic' }, Work: { Type: 'AWS::SQS::Queue' } },
});

/** The stacks that stood in each account and Region before us: ours to list, never ours to touch. */
export function foreignStacks(file: OrganizationFile, accounts: Iterable<SimulatedAccount>): readonly StackRequest[] {
  const { regions, count } = file.foreignStacks ?? { regions: [], count: 0 };
  const numbers = Array.from({ length: count }, (_, index) => index);
  return [...accounts].flatMap(({ id }) =>
    regions.flatMap((region) => numbers.map((index) => request(id, region, index))),
  );
}

function request(accountId: string, region: string, index: number): StackRequest {
  const kind = index % NAMES.length;
  const round = Math.floor(index / NAMES.length);
  return {
    accountId,
    region,
    name: round === 0 ? NAMES[kind]! : `${NAMES[kind]!}-${round + 1}`,
    template: TEMPLATE,
    parameters: {},
    tags: { team: TEAMS[kind]! },
    capabilities: [],
  };
}
