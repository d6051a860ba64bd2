import { manifestOf, targetOf } from '../model/address.js';
import type { Desired, DriverKind } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Organization } from '../model/organization.js';
import type { Entry } from '../model/recorded.js';

const WORDS: Readonly<Record<DriverKind, string>> = { stack: 'stack by stack', 'stack-set': 'by a stack set' };

/** How what stands can be brought under the other way, and how it can be had anew. */
const WAYS: Readonly<Record<DriverKind, string>> = {
  stack:
    'write via: stack again. To keep the resources: write deletion: retain, reconcile, remove the manifest, reconcile, import the stacks into a stack set of the same template by ImportStacksToStackSet, and add the manifest with via: stack-set, its name as stackName and adopt: true. To have them deleted and created anew: remove the manifest, reconcile, and add it with via: stack-set',
  'stack-set':
    'write via: stack-set again. To keep the resources: write deletion: retain, reconcile, remove the manifest, reconcile, and add one manifest with via: stack, adopt: true, stackName and some new tag for each stack that stays (CloudFormation gives a stack its service role with a change only). To have them deleted and created anew: remove the manifest, reconcile, and add it with via: stack',
};

/**
 * An error for each manifest that is deployed in one way and asks for another: those are other stacks for the same resources, so that the
 * next reconcile would delete what stands and create it anew. Accounts that are not ACTIVE are left out, for nothing there is touched.
 */
export function driverChanges(
  desired: readonly Desired[],
  entries: readonly Entry[],
  { accounts }: Organization,
): readonly Diagnostic[] {
  const active = new Set<string>(accounts.filter(({ state }) => state === 'ACTIVE').map(({ id }) => id));
  return desired.flatMap((manifest) => {
    const others = entries.filter((entry) => {
      const driver = driverOf(entry);
      const account = targetOf(entry.address)?.account;
      return (
        manifestOf(entry.address) === manifest.address &&
        driver !== null &&
        driver !== manifest.driver &&
        (account === undefined || active.has(account))
      );
    });
    const first = others[0];
    if (first === undefined) return [];
    const driver = driverOf(first)!;
    const more = others.length > 1 ? ` and ${others.length - 1} more` : '';
    return [
      {
        code: 'EK4080',
        severity: 'error',
        address: manifest.address,
        place: manifest.at('spec', 'via'),
        message: `${first.address}${more} is deployed ${WORDS[driver]}, and the manifest asks for it ${WORDS[manifest.driver]}: what stands would be deleted and created anew`,
        remedy: WAYS[driver],
      },
    ];
  });
}

/** Null where nothing stands, and nothing was begun. */
function driverOf({ step, recorded }: Entry): DriverKind | null {
  return step.type === 'idle' ? (recorded?.driver ?? null) : step.reach.driver;
}
