/** EK3xxx: what is wrong when selectors are laid over the organization. */
export const TARGET_CODES = {
  EK3001: 'An organizational unit does not exist.',
} as const;
