import { describe, expect, it } from 'vitest';
import { readOrganizationFile } from '../../../src/simulator/organizations/organization-file.js';
import { organizationWorld } from './organization.js';

const SOURCE = `
managementAccount: { id: "111111111111", name: payer }
units: [{ path: /A/B }]
accounts:
  - { id: "222222222222", name: one, unit: /A/B, tags: { owner: x }, roles: [special] }
  - { id: "333333333333", name: two, unit: /, state: SUSPENDED }
roles: [everywhere, { name: guarded, externalId: secret }]
trustedServices: [config.amazonaws.com]
delegatedAdministrators: [{ account: "222222222222", service: config.amazonaws.com }]
`;

describe('an organization on disk', () => {
  it('becomes the simulated one', () => {
    const { organization } = organizationWorld({ organization: readOrganizationFile(SOURCE) });
    expect(organization.managementAccountId).toBe('111111111111');
    const [outer, inner] = [...organization.units.values()];
    expect([outer, inner]).toMatchObject([
      { name: 'A', parentId: organization.rootId },
      { name: 'B', parentId: outer!.id },
    ]);
    const one = organization.accounts.get('222222222222')!;
    expect(one).toMatchObject({ parentId: inner!.id, state: 'ACTIVE' });
    expect([...one.roles]).toEqual([
      ['OrganizationAccountAccessRole', null],
      ['everywhere', null],
      ['guarded', 'secret'],
      ['special', null],
    ]);
    expect(organization.accounts.get('333333333333')).toMatchObject({
      parentId: organization.rootId,
      state: 'SUSPENDED',
    });
    expect(organization.delegatedAdministrators.get('222222222222')).toEqual(new Set(['config.amazonaws.com']));
  });

  it('may be JSON as well', () => {
    const { managementAccount } = readOrganizationFile(
      '{"managementAccount":{"id":"111111111111","name":"payer"},"units":[],"accounts":[]}',
    );
    expect(managementAccount.name).toBe('payer');
  });

  it('that is wrong is refused with everything that is wrong with it', () => {
    const read = () =>
      readOrganizationFile(
        'managementAccount: { id: 111111111111, name: payer }\nunits: [{ path: A }]\naccounts: []\nextra: 1',
      );
    expect(read).toThrow(/managementAccount\.id[\s\S]*units\[0\]\.path|units\[0\]\.path[\s\S]*managementAccount\.id/);
    expect(read).toThrow(/extra/);
  });

  it.each([
    ['a unit that is not there', SOURCE.replace('unit: /A/B', 'unit: /C'), /222222222222 is in the unit \/C/],
    ['an account twice', SOURCE.replace('333333333333', '222222222222'), /222222222222 is listed twice/],
    [
      'an administrator that is not there',
      SOURCE.replace('account: "222222222222"', 'account: "444444444444"'),
      /444444444444 is not among/,
    ],
  ])('that names %s is refused', (_what, source, message) => {
    expect(() => organizationWorld({ organization: readOrganizationFile(source) })).toThrow(message);
  });
});
