/** EK2xxx: what is wrong in a manifest by itself, or between manifests. */
export const MANIFEST_CODES = {
  EK2001: 'A key is not known here.',
  EK2002: 'A required key is missing.',
  EK2003: 'A value does not fit.',
  EK2004: 'Two manifests have the same address.',
  EK2005: 'The kind or apiVersion is not one that this version knows.',
  EK2006: 'The format is known, and what it asks for is not built yet.',
  EK2007: 'A key appears twice in one mapping.',
  EK2008: 'A key makes sense only together with another one.',
  EK2009: 'No Controller manifest describes the installation.',
  EK2010: 'There are several Controller manifests, and none was named.',
  EK2011: 'The manifest does not say what to deploy in this partition.',
  EK2012: 'A Region does not belong to the partition.',
  EK2103: 'An account id is not quoted, so YAML reads it as a number.',
  EK2104: 'A string is wanted, and the value is not quoted, so YAML reads it as something else.',
  EK2201: 'A reference is not one that this version knows.',
  EK2202: 'A reference differs from target to target where one value must serve all of them.',
} as const;
