/** The ledger cannot be used as it is; the message says what is wrong and what to do. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** The name that the SDK gives an error, whatever it is an instance of. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
