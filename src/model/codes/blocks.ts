/** EK4xxx: what is wrong with a building block, its template, its parameters or its lock. */
export const BLOCK_CODES = {
  EK4001: 'The template file is missing.',
} as const;
