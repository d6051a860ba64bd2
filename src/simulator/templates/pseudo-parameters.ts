const NAMES = [
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const;

export type PseudoParameter = (typeof NAMES)[number];

/** Where and as what a template is evaluated. */
export type Place = {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly notificationArns: readonly string[];
};

const SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
  'aws-eusc': 'amazonaws.eu',
};

/** The DNS suffix of a partition's services. */
export function dnsSuffix(partition: string): string {
  return SUFFIXES[partition] ?? 'amazonaws.com';
}

/** True for `AWS::Region` and its like. */
export function isPseudoParameter(name: string): name is PseudoParameter {
  return (NAMES as readonly string[]).includes(name);
}

/** Its value at a place; `AWS::NoValue` has none and is the evaluator's affair. */
export function pseudoParameter(
  name: Exclude<PseudoParameter, 'AWS::NoValue'>,
  place: Place,
): string | readonly string[] {
  switch (name) {
    case 'AWS::AccountId':
      return place.accountId;
    case 'AWS::NotificationARNs':
      return place.notificationArns;
    case 'AWS::Partition':
      return place.partition;
    case 'AWS::Region':
      return place.region;
    case 'AWS::StackId':
      return place.stackId;
    case 'AWS::StackName':
      return place.stackName;
    case 'AWS::URLSuffix':
      return dnsSuffix(place.partition);
  }
}
