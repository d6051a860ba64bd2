import { afterEach, describe, expect, test } from 'vitest';
import { createAws } from '../../../src/aws/clients.js';
import { createOrganizationSource } from '../../../src/organization/discovery.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import {
  clockOf,
  controller,
  createDrivenWorld,
  EAST,
  HUB,
  ONE,
  organizationFile,
  SIGNAL,
} from '../drivers/driven-world.js';
import type { DrivenWorld } from '../drivers/driven-world.js';

const WATCH = { signal: SIGNAL, progress: () => undefined };

describe('discovering the organization', () => {
  let world: DrivenWorld;
  afterEach(() => world.simulator.close());

  test('the tree is walked down, with paths, states and parents', async () => {
    world = createDrivenWorld({
      ...organizationFile,
      accounts: [
        ...organizationFile.accounts,
        { id: '300000000009', name: 'gone', unit: '/Elsewhere', state: 'SUSPENDED' },
      ],
    });
    const found = await createOrganizationSource(world.aws).discover({ tags: false }, WATCH);
    expect(found.diagnostics).toEqual([]);
    const { units, accounts, managementAccountId } = found.value!;
    expect(managementAccountId).toBe('999999999999');
    expect(units.map((unit) => unit.path)).toEqual(['/', '/Elsewhere', '/Hub', '/Workloads', '/Workloads/Prod']);
    const one = accounts.find((account) => account.id === ONE)!;
    expect(one).toMatchObject({ name: 'one', state: 'ACTIVE', tags: null });
    expect(units.find((unit) => unit.id === one.parentId)!.path).toBe('/Workloads/Prod');
    expect(accounts.find((account) => account.name === 'gone')!.state).toBe('SUSPENDED');
    expect(world.calls('organizations:ListParents')).toBe(0);
    expect(world.calls('organizations:ListTagsForResource')).toBe(0);
  });

  test('tags are read where they are needed, and of ACTIVE accounts only', async () => {
    world = createDrivenWorld({
      ...organizationFile,
      accounts: [
        ...organizationFile.accounts,
        { id: '300000000009', name: 'gone', unit: '/Elsewhere', state: 'SUSPENDED', tags: { a: 'b' } },
      ],
    });
    const found = await createOrganizationSource(world.aws).discover({ tags: true }, WATCH);
    expect(found.value!.accounts.find((account) => account.id === ONE)!.tags).toEqual({ team: 'red' });
    expect(found.value!.accounts.find((account) => account.name === 'gone')!.tags).toBeNull();
    expect(world.calls('organizations:ListTagsForResource')).toBe(5);
  });

  test('one page that fails makes the whole tree unknown', async () => {
    world = createDrivenWorld();
    world.simulator.inject({
      service: 'organizations',
      operation: 'ListAccountsForParent',
      calls: [3],
      when: 'before',
      error: { code: 'InvalidInputException', message: 'no', status: 400 },
    });
    const found = await createOrganizationSource(world.aws).discover({ tags: false }, WATCH);
    expect(found.value).toBeNull();
    expect(found.diagnostics).toMatchObject([{ code: 'EK6013', severity: 'error' }]);
  });

  test('who may not read the organization is told who can allow it', async () => {
    world = createDrivenWorld();
    world.simulator.inject({
      service: 'organizations',
      operation: 'ListRoots',
      when: 'before',
      error: { code: 'AccessDeniedException', message: 'You are not allowed', status: 400 },
    });
    const found = await createOrganizationSource(world.aws).discover({ tags: false }, WATCH);
    expect(found.diagnostics[0]!.remedy).toContain('delegation policy');
  });

  test('an account in no organization is told so', async () => {
    world = createDrivenWorld();
    const simulator = createSimulator({ organization: 'empty' });
    const aws = createAws({
      partition: 'aws',
      homeRegion: EAST,
      roles: controller.roles,
      clock: clockOf(simulator),
      requestHandler: simulator.requestHandler,
      credentials: simulator.credentials(HUB),
    });
    const found = await createOrganizationSource(aws).discover({ tags: false }, WATCH);
    expect(found.value).toBeNull();
    expect(found.diagnostics[0]!.message).toContain('not a member of an organization');
    await simulator.close();
  });

  test('an account that was moved while the tree was read stops the run', async () => {
    world = createDrivenWorld();
    const handler = world.simulator.requestHandler;
    const twice = {
      // Whatever is asked of an OU, its listing also shows account one: as a walk sees an account that moves ahead of it.
      async handle(request: { headers: Record<string, string>; body: unknown }, options: unknown) {
        const target = request.headers['x-amz-target'] ?? '';
        if (target.endsWith('.ListAccountsForParent')) {
          const answer = await handler.handle(request, options);
          const chunks: Buffer[] = [];
          for await (const chunk of answer.response.body) chunks.push(Buffer.from(chunk));
          const page = JSON.parse(Buffer.concat(chunks).toString()) as { Accounts: { Id: string }[] };
          page.Accounts = [
            ...page.Accounts.filter((account) => account.Id !== ONE),
            { ...(page.Accounts[0] ?? {}), Id: ONE, State: 'ACTIVE' } as never,
          ];
          const { Readable } = await import('node:stream');
          answer.response.body = Readable.from([Buffer.from(JSON.stringify(page))]);
          return answer;
        }
        return handler.handle(request, options);
      },
    };
    const aws = createAws({
      partition: 'aws',
      homeRegion: EAST,
      roles: controller.roles,
      clock: world.clock,
      requestHandler: twice,
      credentials: world.simulator.credentials(HUB),
    });
    const found = await createOrganizationSource(aws).discover({ tags: false }, WATCH);
    expect(found.value).toBeNull();
    expect(found.diagnostics[0]!.message).toContain(`${ONE} stands in two organizational units`);
  });
});
