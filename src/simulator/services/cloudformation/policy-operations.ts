import type { Handler } from '../../kernel/contract.js';
import { invalid } from '../../templates/refusal.js';
import type { Environment } from './environment.js';
import { bracketedStack } from './lookup.js';
import { checkedPolicy } from './stack-policy.js';

/** The operations on stack policies. */
export function policyOperations(environment: Environment): Readonly<Record<string, Handler>> {
  return {
    SetStackPolicy: (input, call) => {
      const stack = bracketedStack(environment, call, input.StackName);
      const policy = givenPolicy(environment, input.StackPolicyBody, input.StackPolicyURL);
      if (policy === undefined) throw invalid('Either StackPolicyBody or StackPolicyURL must be specified.');
      stack.policy = policy;
      return {};
    },
    GetStackPolicy: (input, call) => {
      const { policy } = bracketedStack(environment, call, input.StackName);
      return policy === undefined ? {} : { StackPolicyBody: policy };
    },
  };
}

/** The policy that a request gives, in itself or by URL; undefined where it gives none. */
export function givenPolicy(
  { base }: Environment,
  body: string | undefined,
  url: string | undefined,
): string | undefined {
  if (body !== undefined && url !== undefined)
    throw invalid('You cannot specify both StackPolicyURL and StackPolicyBody');
  if (body !== undefined) return checkedPolicy(body);
  if (url === undefined) return undefined;
  const bytes = base.objects.fetch(url);
  if (!bytes) throw invalid(`Unable to access policy at ${url}`);
  return checkedPolicy(new TextDecoder().decode(bytes));
}
