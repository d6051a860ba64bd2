import { expect, it } from 'vitest';
import { IAM_ACTIONS } from '../../../src/installation/permissions.js';
import { jsonSchema } from '../../../src/manifest/json-schema.js';
import { DIAGNOSTIC_CODES } from '../../../src/model/diagnostic-codes.js';

// Generated pages: `npx vitest run test/unit/reference -u` writes them anew, and without -u one that lags behind fails.
const page = (name: string) => new URL(`../../../${name}`, import.meta.url).pathname;

const ROOMS: Readonly<Record<string, string>> = {
  EK1: 'Files',
  EK2: 'Manifests',
  EK3: 'Organization and targets',
  EK4: 'Building blocks',
  EK5: 'Drivers',
  EK6: 'Reconcile',
};

it('the reference of diagnostics lists every code', async () => {
  const sections = Object.entries(ROOMS).map(([prefix, title]) => {
    const rows = Object.entries(DIAGNOSTIC_CODES)
      .filter(([code]) => code.startsWith(prefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([code, meaning]) => `| ${code} | ${meaning} |`);
    return `## ${prefix}xxx: ${title}\n\n| code | what it means |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  await expect(
    `# Diagnostics\n\nEvery message carries one of these codes; the message itself says where, why and what to do.\n\n${sections.join('\n')}`,
  ).toMatchFileSnapshot(page('docs/reference/diagnostics.md'));
});

it('the reference of permissions lists every action, by role', async () => {
  const titles = {
    controller: 'The controller, in the tooling account',
    plan: 'The plan role, in each target account',
    apply: 'The apply role, in each target account',
  } as const;
  const sections = (['controller', 'plan', 'apply'] as const).map((role) => {
    const reasons = new Map<string, Set<string>>();
    for (const { action, reason } of IAM_ACTIONS.filter((each) => each.role === role))
      reasons.set(action, (reasons.get(action) ?? new Set()).add(reason));
    const rows = [...reasons]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([action, why]) => `| \`${action}\` | ${[...why].join('; ')} |`);
    return `## ${titles[role]}\n\n| action | why |\n| --- | --- |\n${rows.join('\n')}\n`;
  });
  await expect(
    `# Permissions\n\nWhat Evenkeel calls, and why. \`infra/member-roles.yaml\` makes the roles of a target account.\n\n${sections.join('\n')}`,
  ).toMatchFileSnapshot(page('docs/reference/permissions.md'));
});

it('the JSON Schema for editors is that of the parser', async () => {
  await expect(`${JSON.stringify(jsonSchema(), null, 2)}\n`).toMatchFileSnapshot(page('desired-state/schema.json'));
});
