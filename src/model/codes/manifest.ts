/** EK2xxx: what is wrong in a manifest by itself, or between manifests. */
export const MANIFEST_CODES = {
  EK2001: 'A key is not known here.',
  EK2002: 'A required key is missing.',
  EK2003: 'A value does not fit.',
  EK2004: 'Two manifests have the same address.',
  EK2005: 'The kind or apiVersion is not one that this version knows.',
  EK2006: 'The format is known, and what it asks for is not built yet.',
} as const;
