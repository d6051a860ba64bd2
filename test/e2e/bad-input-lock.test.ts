import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { APPLY, effects, PLAN, recordedIn, typed } from '../support/command-line.js';
import { createWorld, smallOrganization } from '../support/world.js';
import type { World } from '../support/world.js';

/** What can be wrong between a manifest and what was locked for it: told offline, with the way back, and nothing is deployed. */
const JANITOR = `apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata: { name: janitor }
spec:
  application: arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor
  version: 1.7.0
  parameters: { VersionsToKeep: "3" }
  acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]
  targets: [{ accounts: [a1], regions: [us-east-1] }]
`;
const TEMPLATE = '.locked/ServerlessApplication/janitor/aws/template.json';
let world: World;
const locked = () => join(world.folder, TEMPLATE);

beforeAll(async () => {
  world = await createWorld({ organization: smallOrganization(1), files: { 'janitor.yaml': JANITOR } });
});
afterAll(() => world.close());
beforeEach(() => world.simulator.calls.reset());

async function isRefused(code: string, at: string, remedy: string): Promise<void> {
  const { stdout: validated, code: exit } = await typed(world, 'validate');
  expect(exit).toBe(3);
  expect(validated).toContain(`error[${code}]: `);
  expect(validated).toContain(`--> desired-state/${at}\n`);
  expect(validated).toContain(` = ${remedy}`);
  for (const line of [PLAN, APPLY]) {
    const refused = await typed(world, line);
    expect([line, refused.code]).toEqual([line, 3]);
    expect(refused.stdout).toContain(`error[${code}]: `);
  }
  expect(effects(world)).toEqual([]);
}

it('a building block that is not locked asks for the command that locks it, which then does', async () => {
  await isRefused('EK4011', 'janitor.yaml:5:16', 'run `evenkeel lock`, and commit the lock file and .locked/');
  expect((await typed(world, 'lock')).code).toBe(0);
  expect((await typed(world, 'validate')).stdout).toBe('Valid.\n');
  expect((await typed(world, 'lock --check')).code).toBe(0);
  expect((await typed(world, APPLY)).code).toBe(0);
});

it('a locked template that was tampered with is not deployed, and the ledger stays as it was', async () => {
  const before = await recordedIn(world);
  const text = await readFile(locked(), 'utf8');
  await writeFile(locked(), text.replace('"Resources"', '"Resources" '));
  const back = 'restore the file from the revision that was reviewed';
  await isRefused('EK4015', 'evenkeel.lock.yaml:10:7', back);
  expect((await typed(world, 'lock --check')).code).toBe(3);
  await rm(locked());
  await isRefused('EK4014', 'evenkeel.lock.yaml:10:7', back);
  await writeFile(locked(), text);
  expect((await typed(world, PLAN)).code).toBe(0);
  expect(await recordedIn(world)).toEqual(before);
});

it('another version than the locked one is not deployed, and a lock that fails says what stays locked', async () => {
  await world.write({ 'janitor.yaml': JANITOR.replace('1.7.0', '1.7.1') });
  await isRefused('EK4013', 'janitor.yaml:6:12', 'run `evenkeel lock`, and review what changes');
  const { code, stdout } = await typed(world, 'lock');
  expect(code).toBe(3);
  expect(stdout).toContain('failed ServerlessApplication/janitor: 1.7.0 stays locked');
  expect(stdout).toContain('has no version 1.7.1; the newest are 1.7.0');
  await world.write({ 'janitor.yaml': JANITOR });
  expect((await typed(world, 'validate')).code).toBe(0);
});

it('a lock file that cannot be read is written anew by the command that it names', async () => {
  await world.write({ 'evenkeel.lock.yaml': 'hello: [' });
  await isRefused('EK4010', 'evenkeel.lock.yaml:1:1', 'run `evenkeel lock`, which writes the file anew');
  expect((await typed(world, 'lock')).code).toBe(0);
  expect((await typed(world, PLAN)).code).toBe(0);
});
