/** EK3xxx: what is wrong when selectors are laid over the organization. */
export const TARGET_CODES = {
  EK3001: 'An organizational unit does not exist.',
  EK3002: 'An account is not in the organization.',
  EK3003: 'No account has this name.',
  EK3004: 'Several accounts have this name.',
  EK3005: 'A selector selects nothing.',
  EK3006: 'A selector selects only accounts that are not ACTIVE.',
  EK3007: 'Two manifests meet on one stack name.',
  EK3008: 'An account lacks a tag that a reference needs.',
  EK3009: 'An override or a wave applies to no target.',
  EK3010: 'No wave of the rollout has a target.',
  EK3011: 'A reference names a deployment that there is not.',
  EK3012: 'A reference names an output that the template does not have.',
} as const;
