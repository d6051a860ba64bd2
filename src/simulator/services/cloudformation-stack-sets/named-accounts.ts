import type { World } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';

/** Bytes that a file of account ids may have. */
const ACCOUNTS_FILE_LIMIT = 10 * 1024 * 1024;

/** Account ids without repetition; refuses what is none. */
export function accountIds(ids: readonly string[]): readonly string[] {
  const wrong = ids.find((id) => !/^\d{12}$/.test(id));
  if (wrong !== undefined) throw invalid(`Account ${wrong} is not a 12-digit account id`);
  return [...new Set(ids)];
}

/** What lies at an `s3://` or `https://` address; undefined where nothing does. */
export function objectAt(world: World, url: string): Uint8Array | undefined {
  const s3 = /^s3:\/\/([^/]+)\/(.+)$/.exec(url);
  return s3 === null ? world.objects.fetch(url) : world.objects.get(s3[1]!, s3[2]!);
}

/** The named accounts, also where they are listed in an object in S3, one id after the other. */
export function namedAccounts(
  world: World,
  sent: { readonly Accounts?: readonly string[]; readonly AccountsUrl?: string },
): readonly string[] {
  if (sent.AccountsUrl === undefined) return accountIds(sent.Accounts ?? []);
  if (sent.Accounts !== undefined) throw invalid('Cannot specify both Accounts and AccountsUrl');
  const bytes = objectAt(world, sent.AccountsUrl);
  if (bytes === undefined) throw invalid(`AccountsUrl ${sent.AccountsUrl} cannot be read`);
  if (bytes.byteLength > ACCOUNTS_FILE_LIMIT) throw invalid(`AccountsUrl ${sent.AccountsUrl} is larger than 10 MB`);
  return accountIds(
    Buffer.from(bytes)
      .toString('utf8')
      .split(/[\s,]+/)
      .filter((id) => id !== ''),
  );
}
