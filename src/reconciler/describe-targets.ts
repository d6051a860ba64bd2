import type { ManifestAddress } from '../model/address.js';
import type { Deployment, ExcludedAccount } from '../model/desired.js';
import { hasErrors } from '../model/diagnostic.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Span } from '../model/document.js';
import type { Target } from '../model/target.js';
import { diagnosticBlocks, tally } from './describe-diagnostics.js';
import { withAccountNames } from './describe-names.js';
import { abbreviated, byText, counted } from './describe-wording.js';

/** How many accounts a list names before it says how many more there are; what is deleted is always named in full. */
export const NAMED_ACCOUNTS = 40;

/** `111122223333, 444455556666 in us-east-1, us-west-2`: accounts that share their Regions are said together. */
export function compactTargets(targets: readonly Target[], limit: number): string {
  const regionsOf = new Map<string, Set<string>>();
  for (const { account, region } of targets) {
    const regions = regionsOf.get(account) ?? new Set<string>();
    regionsOf.set(account, regions.add(region));
  }
  const accountsOf = new Map<string, string[]>();
  for (const [account, regions] of [...regionsOf].sort(([left], [right]) => byText(left, right))) {
    const key = [...regions].sort().join(', ');
    accountsOf.set(key, [...(accountsOf.get(key) ?? []), account]);
  }
  return [...accountsOf]
    .sort(([, left], [, right]) => right.length - left.length)
    .map(([regions, accounts]) => `${abbreviated(accounts, limit)} in ${regions}`)
    .join('; ');
}

/** Accounts that the selectors reach and that cannot be targets, each with the state that says why. */
export function excludedBlocks(excluded: readonly ExcludedAccount[]): readonly Block[] {
  if (excluded.length === 0) return [];
  return [
    { type: 'heading', text: 'Not targets, because the account is not ACTIVE' },
    { type: 'list', items: excluded.map(({ id, name, state }) => [`${id} ${name}: `, { text: state, tone: 'warn' }]) },
  ];
}

/** What the selectors give, manifest by manifest; the table abbreviates accounts, the data does not. */
export function describeTargets(expansion: {
  readonly deployments: ReadonlyMap<ManifestAddress, readonly Deployment[]>;
  readonly excluded: readonly ExcludedAccount[];
  readonly diagnostics: readonly Diagnostic[];
}): Document {
  const { deployments, excluded, diagnostics } = expansion;
  const manifests = [...deployments].sort(([left], [right]) => byText(left, right));
  const all = manifests.flatMap(([, those]) => those);
  const accounts = new Set(all.map(({ target }) => target.account));
  const summary = `${counted(all.length, 'deployment')} of ${counted(manifests.length, 'manifest')} in ${counted(accounts.size, 'account')}`;
  // Where the organization could not be read, nothing is known of any target: that is not none.
  const isUnknown = manifests.length === 0 && hasErrors(diagnostics);
  const verdict: Span = isUnknown
    ? { text: `The targets are not known: ${tally(diagnostics)}`, tone: 'bad' }
    : { text: summary, tone: 'strong' };
  const blocks: readonly Block[] = [
    { type: 'paragraph', line: [verdict] },
    ...(manifests.length === 0 ? [] : [targetTable(manifests)]),
    ...excludedBlocks(excluded),
    ...diagnosticBlocks(diagnostics),
  ];
  return {
    blocks: withAccountNames(blocks, Object.fromEntries(all.map(({ account }) => [account.id, account.name]))),
    data: {
      schemaVersion: 1,
      deployments: all.map(({ address, manifest, target, account, parameters, overridden, tags }) => ({
        address,
        manifest,
        account: target.account,
        accountName: account.name,
        region: target.region,
        parameters,
        overridden,
        tags,
      })),
      excluded,
      diagnostics,
    },
  };
}

function targetTable(manifests: readonly (readonly [ManifestAddress, readonly Deployment[]])[]): Block {
  return {
    type: 'table',
    columns: ['manifest', 'deployments', 'targets'],
    rows: manifests.map(([address, deployments]) => [
      [{ text: address, tone: 'strong' }],
      String(deployments.length),
      deployments.length === 0
        ? [{ text: 'none', tone: 'warn' }]
        : compactTargets(
            deployments.map(({ target }) => target),
            NAMED_ACCOUNTS,
          ),
    ]),
  };
}
