const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCOUNT_BITS = 40n;
/** Above the account stands a bit that tells ids with an account in them, below it nine that are part of the rest. */
const LOW_BITS = 9n;
const MARK = 1n << (ACCOUNT_BITS + LOW_BITS);
const ENCODED_LENGTH = 10;

/** The id of a temporary key, which says in base 32 which account it is of; `rest` makes it unique, with at least six of A–Z and 0–9. */
export function temporaryKeyId(accountId: string, rest: string): string {
  return `ASIA${encodedAccount(accountId)}${rest}`;
}

/** The same of an IAM user's key, which does not expire. */
export function lastingKeyId(accountId: string, rest: string): string {
  return `AKIA${encodedAccount(accountId)}${rest}`;
}

function encodedAccount(accountId: string): string {
  let bits = MARK | (BigInt(accountId) << LOW_BITS);
  let encoded = '';
  for (let index = 0; index < ENCODED_LENGTH; index += 1) {
    encoded = ALPHABET[Number(bits & 31n)]! + encoded;
    bits >>= 5n;
  }
  return encoded;
}

/** The account that an access key id names; undefined for an id of another kind. */
export function accountOfKeyId(keyId: string): string | undefined {
  const [, encoded] = /^A[KS]IA([A-Z2-7]{10})[A-Z0-9]*$/.exec(keyId) ?? [];
  if (encoded === undefined) return undefined;
  const bits = [...encoded].reduce((sum, letter) => (sum << 5n) | BigInt(ALPHABET.indexOf(letter)), 0n);
  if ((bits & MARK) === 0n) return undefined;
  const account = (bits >> LOW_BITS) & ((1n << ACCOUNT_BITS) - 1n);
  return account.toString().padStart(12, '0');
}
