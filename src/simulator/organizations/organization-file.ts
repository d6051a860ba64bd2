import { parse } from 'yaml';
import { z } from 'zod';
import type { OrganizationFile } from '../kernel/contract.js';

const accountId = z.string().regex(/^\d{12}$/, 'an account id is a string of twelve digits, in quotes');
const text = z.string().min(1);
const tags = z.record(z.string(), z.string());
const path = z.string().regex(/^\/([^/]+(\/[^/]+)*)?$/, 'a path begins with / and does not end with one');

const schema = z.strictObject({
  managementAccount: z.strictObject({
    id: accountId,
    name: text,
    email: text.optional(),
    tags: tags.optional(),
    roles: z.array(text).optional(),
  }),
  units: z.array(z.strictObject({ path })),
  accounts: z.array(
    z.strictObject({
      id: accountId,
      name: text,
      unit: path,
      state: z.enum(['PENDING_ACTIVATION', 'ACTIVE', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED']).optional(),
      tags: tags.optional(),
      roles: z.array(text).optional(),
    }),
  ),
  roles: z.array(z.union([text, z.strictObject({ name: text, externalId: text })])).optional(),
  foreignStacks: z.strictObject({ regions: z.array(text), count: z.number().int().min(0).max(500) }).optional(),
  buckets: z.array(z.strictObject({ name: text, account: accountId, region: text })).optional(),
  trustedServices: z.array(text).optional(),
  delegatedAdministrators: z.array(z.strictObject({ account: accountId, service: text })).optional(),
});

/** Reads an organization from YAML or JSON; throws an Error whose message lists everything that is wrong with it. */
export function readOrganizationFile(source: string): OrganizationFile {
  const result = schema.safeParse(parse(source) as unknown);
  if (!result.success) throw new Error(`the organization file is not valid:\n${z.prettifyError(result.error)}`);
  // Optional members are absent, never undefined, in what YAML and JSON give.
  return result.data as OrganizationFile;
}
