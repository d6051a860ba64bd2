/** EK5xxx: what AWS would refuse, or has refused, for the way of deployment chosen. */
export const DRIVER_CODES = {
  EK5001: 'A service-managed stack set cannot carry this template.',
} as const;
