import type { Call, Service, ServiceId } from '../kernel/contract.js';
import { ALWAYS, type ChangeTimes, type History } from './change-times.js';

type Services = ReadonlyMap<ServiceId, Service>;
type Item = Readonly<Record<string, unknown>>;
type Look = {
  readonly times: ChangeTimes;
  readonly services: Services;
  readonly input: Readonly<Record<string, unknown>>;
  readonly call: Call;
};

/** A listing that may be late: its items, and how one finds their history. `history` is also asked of what is gone. */
export type Listing = {
  readonly service: ServiceId;
  readonly operation: string;
  readonly items: string;
  readonly id: (item: Item) => string;
  readonly history: (id: string, item: Item | undefined, look: Look) => History | Promise<History>;
  /** Whether the call lists at all, where the operation also reads by name. */
  readonly lists?: (input: Readonly<Record<string, unknown>>) => boolean;
};

const text = (member: string) => (item: Item) => String(item[member]);

/** CloudFormation's own events say when a stack changed; one without events has always been there. */
async function stackHistory(id: string, item: Item | undefined, { services, call }: Look): Promise<History> {
  const events = services.get('cloudformation')?.operations['DescribeStackEvents'];
  const answer = (await events?.({ StackName: id }, call)) as
    { readonly StackEvents: readonly { readonly Timestamp: Date }[] } | undefined;
  const changes = (answer?.StackEvents ?? []).map(({ Timestamp }) => Timestamp.getTime()).reverse();
  const created = item?.['CreationTime'];
  if (changes.length === 0) return ALWAYS;
  return { appearedAt: created instanceof Date ? created.getTime() : changes[0]!, changes };
}

function statusHistory(_id: string, item: Item | undefined): History {
  const [requested, completed] = [item?.['RequestedTimestamp'], item?.['CompletedTimestamp']];
  if (!(requested instanceof Date)) return ALWAYS;
  const changes = [requested, ...(completed instanceof Date ? [completed] : [])].map((date) => date.getTime());
  return { appearedAt: requested.getTime(), changes };
}

const remembered: Listing['history'] = (id, _item, { times }) => times.of(id);
/** An application's version has no name of its own. */
export const versionId = (item: Item): string => `${String(item['ApplicationId'])} ${String(item['SemanticVersion'])}`;

/** Every listing that AWS does not document as strongly consistent, as far as it is known when its items changed. */
export const LATE_LISTINGS: readonly Listing[] = [
  { service: 'organizations', operation: 'ListAccounts', items: 'Accounts', id: text('Id'), history: remembered },
  {
    service: 'organizations',
    operation: 'ListAccountsForParent',
    items: 'Accounts',
    id: text('Id'),
    history: (id, _item, { times, input }) => {
      const { changes } = times.of(id);
      const appearedAt = Math.max(times.appearedAt(id), times.appearedAt(`${id} in ${String(input['ParentId'])}`));
      return { appearedAt, changes };
    },
  },
  {
    service: 'organizations',
    operation: 'ListOrganizationalUnitsForParent',
    items: 'OrganizationalUnits',
    id: text('Id'),
    history: remembered,
  },
  {
    service: 'organizations',
    operation: 'ListCreateAccountStatus',
    items: 'CreateAccountStatuses',
    id: text('Id'),
    history: statusHistory,
  },
  {
    service: 'cloudformation',
    operation: 'ListStacks',
    items: 'StackSummaries',
    id: text('StackId'),
    history: stackHistory,
  },
  {
    service: 'cloudformation',
    operation: 'DescribeStacks',
    items: 'Stacks',
    id: text('StackId'),
    history: stackHistory,
    lists: ({ StackName }) => StackName === undefined || StackName === '',
  },
  {
    service: 'serverlessrepo',
    operation: 'ListApplicationVersions',
    items: 'Versions',
    id: versionId,
    history: remembered,
  },
  {
    service: 'serverlessrepo',
    operation: 'ListApplications',
    items: 'Applications',
    id: text('ApplicationId'),
    history: remembered,
  },
];
