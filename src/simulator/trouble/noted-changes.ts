import type { Handler } from '../kernel/contract.js';
import type { ChangeTimes } from './change-times.js';
import { versionId } from './listings.js';

type Item = Readonly<Record<string, unknown>>;
type Noted = { readonly id: (input: Item, output: Item) => string; readonly appears: boolean };

const outputUnit = (_input: Item, output: Item): string =>
  String((output['OrganizationalUnit'] as { readonly Id?: string } | undefined)?.Id);
const inputUnit = (input: Item): string => String(input['OrganizationalUnitId']);

/** Calls after which something is no longer as it was, and does not say since when. */
const NOTED: Readonly<Record<string, readonly Noted[]>> = {
  'organizations:CreateOrganizationalUnit': [{ id: outputUnit, appears: true }],
  'organizations:UpdateOrganizationalUnit': [{ id: inputUnit, appears: false }],
  'organizations:DeleteOrganizationalUnit': [{ id: inputUnit, appears: false }],
  'serverlessrepo:CreateApplication': [
    { id: (_input, output) => String(output['ApplicationId']), appears: true },
    {
      id: (input, output) => `${String(output['ApplicationId'])} ${String(input['SemanticVersion'])}`,
      appears: true,
    },
  ],
  'serverlessrepo:CreateApplicationVersion': [{ id: versionId, appears: true }],
};

/** The handler of a call that changes things, with a note of it where one is needed. */
export function noting(times: ChangeTimes, operation: string, handler: Handler): Handler {
  const noted = NOTED[operation];
  if (noted === undefined) return handler;
  return async (input: Item, call) => {
    const output: unknown = await handler(input, call);
    for (const { id, appears } of noted) {
      const changed = id(input, (output ?? {}) as Item);
      times.changed(changed);
      if (appears) times.appeared(changed);
    }
    return output;
  };
}
