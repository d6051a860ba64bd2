/** EK5xxx: what AWS would refuse, or has refused, for the way of deployment chosen. */
export const DRIVER_CODES = {
  EK5001: 'A service-managed stack set cannot carry this template.',
  EK5002: 'A service-managed stack set cannot reach the management account.',
  EK5003: 'An option belongs to the other permission model.',
  EK5004: 'A stack set cannot protect its stacks against termination.',
  EK5005: 'A stack set cannot tag its stacks differently.',
  EK5010: 'The template has no such parameter.',
  EK5011: 'A parameter without a default has no value.',
  EK5012: 'The template does not accept the value of a parameter.',
  EK5013: 'A NoEcho parameter has a literal value.',
  EK5014: 'The value of a parameter is longer than CloudFormation takes.',
  EK5015: 'A capability that the template requires is not acknowledged.',
  EK5016: 'There are more tags than CloudFormation takes.',
  EK5017: 'A tag is not one that may be set.',
  EK5018: 'The name of a stack set, and who calls for it, cannot be changed.',
} as const;
