import type { OrganizationFile } from '../kernel/contract.js';

const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';
const ADMINISTRATION = ['AWSCloudFormationStackSetAdministrationRole'];

/** A dozen accounts as a small company's landing zone has them; the controller runs in security-tooling, 100000000004. */
export const DEMO_ORGANIZATION: OrganizationFile = {
  managementAccount: {
    id: '100000000001',
    name: 'management',
    email: 'management@example.com',
    tags: { owner: 'platform' },
    roles: ADMINISTRATION,
  },
  units: [
    '/Security',
    '/Infrastructure',
    '/Workloads',
    '/Workloads/Prod',
    '/Workloads/NonProd',
    '/Sandbox',
    '/Suspended',
  ].map((path) => ({ path })),
  accounts: [
    { id: '100000000002', name: 'audit', unit: '/Security', tags: { owner: 'security', 'data-class': 'restricted' } },
    {
      id: '100000000003',
      name: 'log-archive',
      unit: '/Security',
      tags: { owner: 'security', 'data-class': 'restricted' },
    },
    {
      id: '100000000004',
      name: 'security-tooling',
      unit: '/Security',
      tags: { owner: 'security', 'data-class': 'moderate' },
      roles: ADMINISTRATION,
    },
    {
      id: '100000000005',
      name: 'network',
      unit: '/Infrastructure',
      tags: { owner: 'network', 'data-class': 'moderate' },
    },
    {
      id: '100000000006',
      name: 'shared-services',
      unit: '/Infrastructure',
      tags: { owner: 'platform', 'data-class': 'moderate' },
    },
    {
      id: '100000000011',
      name: 'payments-prod',
      unit: '/Workloads/Prod',
      tags: { owner: 'payments', 'data-class': 'restricted' },
    },
    {
      id: '100000000012',
      name: 'orders-prod',
      unit: '/Workloads/Prod',
      tags: { owner: 'orders', 'data-class': 'moderate' },
    },
    {
      id: '100000000013',
      name: 'website-prod',
      unit: '/Workloads/Prod',
      tags: { owner: 'website', 'data-class': 'low' },
    },
    {
      id: '100000000021',
      name: 'payments-dev',
      unit: '/Workloads/NonProd',
      tags: { owner: 'payments', 'data-class': 'low' },
    },
    {
      id: '100000000022',
      name: 'orders-dev',
      unit: '/Workloads/NonProd',
      tags: { owner: 'orders', 'data-class': 'low' },
    },
    { id: '100000000031', name: 'sandbox-alice', unit: '/Sandbox', tags: { owner: 'alice', 'data-class': 'low' } },
    { id: '100000000032', name: 'sandbox-bob', unit: '/Sandbox', tags: { owner: 'bob', 'data-class': 'low' } },
    {
      id: '100000000091',
      name: 'retired-shop',
      unit: '/Suspended',
      state: 'SUSPENDED',
      tags: { owner: 'website', 'data-class': 'low' },
    },
  ],
  roles: [
    { name: 'evenkeel-plan', externalId: 'evenkeel-demo' },
    { name: 'evenkeel-apply', externalId: 'evenkeel-demo' },
    'evenkeel-cloudformation',
    'AWSCloudFormationStackSetExecutionRole',
  ],
  foreignStacks: { regions: ['us-east-1', 'us-west-2'], count: 5 },
  buckets: ['us-east-1', 'us-west-2'].map((region) => ({
    name: `evenkeel-artifacts-100000000004-${region}`,
    account: '100000000004',
    region,
  })),
  trustedServices: [STACK_SETS],
  delegatedAdministrators: [{ account: '100000000004', service: STACK_SETS }],
};
