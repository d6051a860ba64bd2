import { describe, expect, test } from 'vitest';
import { expand, needsTags } from '../../../src/organization/expand.js';
import type { TargetSelector } from '../../../src/model/desired.js';
import type { AccountId, StackName } from '../../../src/model/identifiers.js';
import type { Organization } from '../../../src/model/organization.js';
import { controller, manifest, organizationOf, override, selector, unitId } from './organization-tree.js';

const organization = organizationOf(
  [
    { id: '111111111111', name: 'audit', path: '/Security', tags: { tier: 'core' } },
    { id: '222222222222', name: 'prod-a', path: '/Workloads/Prod', tags: { tier: 'gold', owner: 'a' } },
    { id: '333333333333', name: 'prod-b', path: '/Workloads/Prod/Deep', tags: { tier: 'silver' } },
    { id: '444444444444', name: 'loose', path: '/Workloads' },
    { id: '555555555555', name: 'gone', path: '/Closed', state: 'SUSPENDED' },
    { id: '666666666666', name: 'twin', path: '/Sandbox' },
    { id: '777777777777', name: 'twin', path: '/Sandbox', state: 'CLOSED' },
    { id: '999999999999', name: 'management', path: '/' },
  ],
  ['/Workloads/Prod (EU)', '/Empty'],
);

const one = (targets: readonly TargetSelector[], tree: Organization = organization) => {
  const { deployments, diagnostics, excluded } = expand([manifest('a', targets)], tree, controller, { type: 'all' });
  return {
    targets: deployments.get('Stack/a')!.map(({ target }) => `${target.account.slice(0, 1)}/${target.region}`),
    accounts: deployments.get('Stack/a')!.map(({ account }) => account.name),
    found: diagnostics.map(
      ({ code, message, remedy, place }) => `${code} ${place?.source ?? '-'}: ${message} = ${remedy}`,
    ),
    excluded,
  };
};

describe('organizational units', () => {
  test('a path means accounts directly in it', () => {
    expect(one([selector({ organizationalUnits: ['/Workloads'] })]).accounts).toEqual(['loose']);
  });

  test('a path with /** means its own accounts and all below', () => {
    expect(one([selector({ organizationalUnits: ['/Workloads/**'] })]).accounts).toEqual(['prod-a', 'prod-b', 'loose']);
  });

  test('/** means every ACTIVE account, those in the root too', () => {
    const { accounts, excluded } = one([selector({ organizationalUnits: ['/**'] })]);
    expect(accounts).toEqual(['audit', 'prod-a', 'prod-b', 'loose', 'twin', 'management']);
    expect(excluded.map(({ id, state }) => `${id} ${state}`)).toEqual([
      '555555555555 SUSPENDED',
      '777777777777 CLOSED',
    ]);
  });

  test('a star stands for one step of a path, and ** for any number', () => {
    expect(one([selector({ organizationalUnits: ['/*/Prod'] })]).accounts).toEqual(['prod-a']);
    expect(one([selector({ organizationalUnits: ['/**/Deep', '/**/Security'] })]).accounts).toEqual([
      'audit',
      'prod-b',
    ]);
  });

  test('an id means the unit itself, and with /** all below it', () => {
    const id = unitId('/Workloads/Prod');
    expect(one([selector({ organizationalUnits: [id] })]).accounts).toEqual(['prod-a']);
    expect(one([selector({ organizationalUnits: [`${id}/**`] })]).accounts).toEqual(['prod-a', 'prod-b']);
    expect(one([selector({ organizationalUnits: [unitId('/')] })]).accounts).toEqual(['management']);
  });

  test('a path is case-sensitive, and what does not exist is told with the nearest that does', () => {
    expect(one([selector({ organizationalUnits: ['/workloads/**', '/Wrokloads/Prod'] })]).found).toEqual([
      'EK3001 spec.targets.0.organizationalUnits.0: no organizational unit matches /workloads/** = did you mean /Workloads/**?',
      'EK3001 spec.targets.0.organizationalUnits.1: no organizational unit matches /Wrokloads/Prod = did you mean /Workloads/Prod?',
    ]);
  });

  test('a name with parentheses is a name', () => {
    const tree = organizationOf([{ id: '111111111111', name: 'eu', path: '/Workloads/Prod (EU)/X' }]);
    expect(one([selector({ organizationalUnits: ['/Workloads/Prod (EU)/**'] })], tree).accounts).toEqual(['eu']);
    expect(one([selector({ organizationalUnits: ['/*/Prod (EU)/*'] })], tree).accounts).toEqual(['eu']);
  });
});

describe('accounts', () => {
  test('an account is named by its id or by its name', () => {
    expect(one([selector({ accounts: ['333333333333', 'audit'] })]).accounts).toEqual(['audit', 'prod-b']);
  });

  test('an id outside the organization, an unknown name and a name that two accounts have are errors', () => {
    expect(one([selector({ accounts: ['123456789012', 'adit', 'twin'] })]).found).toEqual([
      'EK3002 spec.targets.0.accounts.0: account 123456789012 is not in the organization = correct the id, or remove it if the account has left',
      'EK3003 spec.targets.0.accounts.1: no account is named adit = did you mean audit?',
      'EK3004 spec.targets.0.accounts.2: 2 accounts are named twin: 666666666666 (ACTIVE), 777777777777 (CLOSED) = write the id of the one that is meant',
    ]);
  });

  test('an unknown account in an exception is an error too, so that a slip never widens', () => {
    const found = one([selector({ all: true, except: { accounts: ['prod-c'] } })]).found;
    expect(found[0]).toContain('EK3003 spec.targets.0.except.accounts.0');
  });
});

describe('conditions', () => {
  test('several values of a tag mean any of them, several tags all of them', () => {
    expect(one([selector({ tags: { tier: ['gold', 'silver'] } })]).accounts).toEqual(['prod-a', 'prod-b']);
    expect(one([selector({ tags: { tier: ['gold', 'silver'], owner: ['a'] } })]).accounts).toEqual(['prod-a']);
  });

  test('inside a selector every condition holds, and selectors are united without repetition', () => {
    const targets = [
      selector({
        organizationalUnits: ['/Workloads/**'],
        tags: { tier: ['gold'] },
        regions: ['us-west-2', 'us-east-1'],
      }),
      selector({ accounts: ['prod-a', 'audit'] }),
    ];
    expect(one(targets).targets).toEqual(['1/us-east-1', '2/us-east-1', '2/us-west-2']);
  });

  test('an exception can be an account, a Region, or an account in a Region', () => {
    const regions = ['us-east-1', 'us-west-2'];
    const base = { accounts: ['audit', 'prod-a'], regions };
    expect(one([selector({ ...base, except: { accounts: ['audit'] } })]).targets).toEqual([
      '2/us-east-1',
      '2/us-west-2',
    ]);
    expect(one([selector({ ...base, except: { regions: ['us-west-2'] } })]).targets).toEqual([
      '1/us-east-1',
      '2/us-east-1',
    ]);
    const both = one([selector({ ...base, except: { accounts: ['audit'], regions: ['us-west-2'] } })]);
    expect(both.targets).toEqual(['1/us-east-1', '2/us-east-1', '2/us-west-2']);
  });

  test('a selector for another partition selects nothing here and is not judged here', () => {
    const elsewhere = selector({ accounts: ['123456789012'], partitions: ['aws-us-gov'], regions: ['us-gov-west-1'] });
    expect(one([elsewhere, selector({ accounts: ['audit'] })])).toMatchObject({ accounts: ['audit'], found: [] });
  });
});

describe('nothing selected', () => {
  test('a selector that selects nothing is an error, whatever the others select', () => {
    const targets = [selector({ accounts: ['audit'] }), selector({ organizationalUnits: ['/Empty'] })];
    expect(one(targets).found).toEqual([
      'EK3005 spec.targets.1: the selector selects nothing: no account meets all of its conditions = correct its conditions, or remove the selector',
    ]);
  });

  test('it says so where everything is excepted', () => {
    const found = one([selector({ accounts: ['audit'], except: { accounts: ['audit'] } })]).found;
    expect(found[0]).toContain('EK3005 spec.targets.0: the selector selects nothing: all that it covers is excepted');
  });

  test('it says so where all that is selected is not ACTIVE', () => {
    const { found, excluded, targets } = one([selector({ organizationalUnits: ['/Closed'] })]);
    expect(found).toEqual([
      'EK3006 spec.targets.0: the selector selects only accounts that are not ACTIVE: 555555555555 (SUSPENDED) = remove the selector, or wait until one of them is ACTIVE',
    ]);
    expect(excluded).toEqual([{ id: '555555555555', name: 'gone', state: 'SUSPENDED' }]);
    expect(targets).toEqual([]);
  });
});

describe('scope', () => {
  const desired = [
    manifest('a', [selector({ organizationalUnits: ['/Workloads/**'] })]),
    manifest('b', [selector({ accounts: ['audit'] })]),
  ];

  test('one account keeps an entry for every manifest', () => {
    const scope = { type: 'account', account: '111111111111' as AccountId } as const;
    const { deployments, diagnostics } = expand(desired, organization, controller, scope);
    expect([...deployments].map(([address, all]) => `${address} ${all.length}`)).toEqual(['Stack/a 0', 'Stack/b 1']);
    expect(diagnostics).toEqual([]);
  });

  test('an account outside the organization is an error', () => {
    const scope = { type: 'account', account: '123456789012' as AccountId } as const;
    expect(expand(desired, organization, controller, scope).diagnostics.map(({ code }) => code)).toEqual(['EK3002']);
  });

  test('what is wrong elsewhere is told as well', () => {
    const broken = [...desired, manifest('c', [selector({ accounts: ['nobody'] })])];
    const scope = { type: 'account', account: '111111111111' as AccountId } as const;
    expect(expand(broken, organization, controller, scope).diagnostics.map(({ code }) => code)).toEqual(['EK3003']);
  });
});

describe('names that meet', () => {
  const shared = { stackName: 'same' as StackName };
  const options = {
    permissionModel: 'SELF_MANAGED',
    callAs: 'SELF',
    autoDeployment: null,
    administrationRoleArn: null,
    executionRoleName: null,
  } as const;

  test('two stacks of one name at one target are one error for the pair', () => {
    const desired = [
      manifest('b', [selector({ all: true })], shared),
      manifest('a', [selector({ organizationalUnits: ['/Workloads/**'] })], shared),
    ];
    const found = expand(desired, organization, controller, { type: 'all' }).diagnostics;
    expect(found.map(({ code, message, address }) => `${code} ${address} ${message}`)).toEqual([
      'EK3007 Stack/b Stack/a and Stack/b meet on the name same at 222222222222/us-east-1 and 2 more targets',
    ]);
  });

  test('stacks of one name at different targets do not meet', () => {
    const desired = [
      manifest('a', [selector({ accounts: ['audit'] })], shared),
      manifest('b', [selector({ accounts: ['audit'], regions: ['us-west-2'] })], shared),
    ];
    expect(expand(desired, organization, controller, { type: 'all' }).diagnostics).toEqual([]);
  });

  test('stack sets meet wherever their instances are', () => {
    const set = { ...shared, kind: 'StackSet', driver: 'stack-set', stackSet: options } as const;
    const desired = [
      manifest('a', [selector({ accounts: ['audit'] })], { ...set, address: 'StackSet/a' }),
      manifest('b', [selector({ accounts: ['prod-a'] })], { ...set, address: 'StackSet/b' }),
    ];
    const found = expand(desired, organization, controller, { type: 'all' }).diagnostics;
    expect(found.map(({ message }) => message)).toEqual([
      'StackSet/a and StackSet/b meet on the name same, which only one stack set can have',
    ]);
  });
});

test('tags are needed where a selector, an exception, an override or a reference uses them', () => {
  const plain = selector({ all: true });
  expect(needsTags([manifest('a', [plain], { parameters: { A: '${account.id} $${account.tags.x}' } })])).toBe(false);
  expect(needsTags([manifest('a', [selector({ tags: { a: ['b'] } })])])).toBe(true);
  expect(needsTags([manifest('a', [selector({ all: true, except: { tags: { a: ['b'] } } })])])).toBe(true);
  expect(needsTags([manifest('a', [plain], { overrides: [override({ tags: { a: ['b'] } }, {})] })])).toBe(true);
  expect(
    needsTags([manifest('a', [plain], { overrides: [override({ all: true }, { A: '${account.tags.x}' })] })]),
  ).toBe(true);
  expect(needsTags([manifest('a', [plain], { tags: { a: '${account.tags.x}' } })])).toBe(true);
});
