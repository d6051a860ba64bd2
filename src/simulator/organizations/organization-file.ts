import { parse } from 'yaml';
import { z } from 'zod';
import type { OrganizationFile } from '../kernel/contract.js';
import { misfits } from './placed-check.js';
import { accountId, place, stackSets, text, texts, time } from './placed-format.js';

/** The newest `formatVersion` that is understood; a file without one is written by hand. */
const FORMAT_VERSION = 1;
/** What begins like JSON and is not is read as YAML up to this many characters: beyond, YAML would take minutes to say the same. */
const MOST_YAML = 1_000_000;

const MOST_TOLD = 30;

const path = z.string().regex(/^\/([^/]+(\/[^/]+)*)?$/, 'a path begins with / and does not end with one');
/** Of a unit whose own name may have slashes. */
const anyPath = z.string().startsWith('/', 'a path begins with /');
const state = z.enum(['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']);
const role = z.union([text, z.strictObject({ name: text, externalId: text })]);

const schema = z.strictObject({
  formatVersion: z.literal(FORMAT_VERSION).optional(),
  takenAt: time.optional(),
  partition: text.optional(),
  organizationId: text.optional(),
  rootId: text.optional(),
  controller: accountId.optional(),
  managementAccount: z.strictObject({
    id: accountId,
    name: text,
    email: text.optional(),
    unit: anyPath.optional(),
    state: state.optional(),
    joinedAt: time.optional(),
    tags: texts.optional(),
    roles: z.array(role).optional(),
  }),
  units: z.array(
    z.union([
      z.strictObject({ path, id: text.optional() }),
      z.strictObject({ path: anyPath, id: text.optional(), name: text }),
    ]),
  ),
  accounts: z.array(
    z.strictObject({
      id: accountId,
      name: text,
      email: text.optional(),
      unit: anyPath,
      state: state.optional(),
      joinedAt: time.optional(),
      tags: texts.optional(),
      roles: z.array(role).optional(),
    }),
  ),
  roles: z.array(role).optional(),
  foreignStacks: z.strictObject({ regions: z.array(text), count: z.number().int().min(0).max(500) }).optional(),
  buckets: z.array(z.strictObject({ name: text, account: accountId, region: text })).optional(),
  trustedServices: z.array(text).optional(),
  delegatedAdministrators: z.array(z.strictObject({ account: accountId, service: text })).optional(),
  templates: texts.optional(),
  places: z.array(place).optional(),
  stackSets: z.array(stackSets).optional(),
});

/** Reads an organization from YAML or JSON; throws an Error whose message lists everything that is wrong with it. */
export function readOrganizationFile(source: string): OrganizationFile {
  const value = parsed(source);
  refuseOtherVersions(value);
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`the organization file is not valid:\n${told(result.error)}`);
  // Optional members are absent, never undefined, in what YAML and JSON give.
  const file = result.data as OrganizationFile;
  const wrong = misfits(file);
  if (wrong.length > 0) throw new Error(`the organization file does not hold together:\n${wrong.join('\n')}`);
  return file;
}

/** Everything that is wrong, up to what a person reads: in a file of a whole organization the same may be wrong everywhere. */
function told(error: z.ZodError): string {
  const { issues } = error;
  if (issues.length <= MOST_TOLD) return z.prettifyError(error);
  return `${z.prettifyError({ issues: issues.slice(0, MOST_TOLD) })}\nand ${issues.length - MOST_TOLD} more`;
}

/** JSON by its own parser, which is hundreds of times faster than YAML's. */
function parsed(source: string): unknown {
  if (!/^\s*\{/.test(source)) return parse(source);
  try {
    return JSON.parse(source);
  } catch (error) {
    if (source.length <= MOST_YAML) return parse(source);
    throw new Error(
      `the organization file is not whole JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

function refuseOtherVersions(value: unknown): void {
  const version =
    typeof value === 'object' && value !== null && 'formatVersion' in value ? value.formatVersion : FORMAT_VERSION;
  if (version === FORMAT_VERSION) return;
  throw new Error(
    `the organization file has the format version ${JSON.stringify(version)}, and this Evenkeel reads version ${FORMAT_VERSION}: ` +
      'read it with the Evenkeel that wrote it, or write it again with "evenkeel snapshot"',
  );
}
