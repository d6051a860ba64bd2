import { deflateRawSync } from 'node:zlib';
import { AwsError } from '../../kernel/contract.js';
import type { Json } from '../../templates/json.js';
import { isPermissionsPolicy } from './policy-grammar.js';
import { invalid } from './refusals.js';
import type { SessionTag } from './session-tags.js';

export type Restricted = {
  readonly Policy?: string;
  readonly PolicyArns?: readonly { readonly arn?: string }[];
  readonly Tags?: readonly SessionTag[];
};

const LONGEST_PLAINTEXT = 2_048;
const MOST_POLICY_ARNS = 10;
/** Characters of tags that fill one percent, from a report of 2,268 that took 498; they do not seem to be compressed. */
const TAG_CHARACTERS_A_PERCENT = 4.555;
/** Bytes of compressed policies that fill one percent: about what AWS's own example takes. */
const POLICY_BYTES_A_PERCENT = 16;

/** Refuses session policies that STS would not take, but for managed ones that do not exist: which exist is not simulated. Nothing is denied by them here: the simulator evaluates no permissions. */
export function checkPolicies({ Policy, PolicyArns = [] }: Restricted, partition: string, accountId: string): void {
  if (PolicyArns.length > MOST_POLICY_ARNS) {
    throw invalid(
      `1 validation error detected: Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to ${MOST_POLICY_ARNS}`,
    );
  }
  const texts = plaintext({ ...(Policy === undefined ? {} : { Policy }), PolicyArns });
  if (texts.length > LONGEST_PLAINTEXT) {
    throw invalid(
      `1 validation error detected: Value '${texts}' at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_PLAINTEXT}`,
    );
  }
  const usable = new RegExp(`^arn:${partition}:iam::(aws|${accountId}):policy/(?:[!-~]+/)?[\\w+=,.@-]{1,128}$`);
  if (PolicyArns.some(({ arn = '' }) => !usable.test(arn)))
    throw invalid('PolicyArns must be managed policies of AWS or of the role’s account');
  if (Policy !== undefined) checkDocument(Policy);
}

/** How full the space for policies and tags is, in percent; undefined where there are none. */
export function packedSize(request: Restricted): number | undefined {
  const policies = plaintext(request);
  const tags = (request.Tags ?? []).reduce((sum, { Key, Value }) => sum + Key.length + Value.length, 0);
  if (policies === '' && tags === 0) return undefined;
  const packed = policies === '' ? 0 : deflateRawSync(policies).byteLength / POLICY_BYTES_A_PERCENT;
  const percent = Math.ceil(packed + tags / TAG_CHARACTERS_A_PERCENT);
  if (percent > 100) {
    const what = policies === '' ? 'session tags' : tags === 0 ? 'policy' : 'policy and session tags';
    throw new AwsError('PackedPolicyTooLarge', `Packed size of ${what} consumes ${percent}% of allotted space.`, 400);
  }
  return percent;
}

const plaintext = ({ Policy = '', PolicyArns = [] }: Restricted): string =>
  Policy + PolicyArns.map(({ arn = '' }) => arn).join('');

function checkDocument(text: string): void {
  let document: Json;
  try {
    document = JSON.parse(text) as Json;
  } catch {
    throw malformed('This policy contains invalid Json');
  }
  if (!isPermissionsPolicy(document)) throw malformed('Syntax errors in policy.');
}

const malformed = (message: string): AwsError => new AwsError('MalformedPolicyDocument', message, 400);
