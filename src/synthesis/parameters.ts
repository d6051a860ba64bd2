import type { Workshop } from './props.js';
import { Unfit } from './unfit.js';

type Written =
  | string
  | {
      readonly name: string;
      readonly type?: string;
      readonly default?: string;
      readonly description?: string;
      readonly noEcho?: boolean;
    };

/** The value of a parameter that the template gets; one that is named twice is one parameter. Throws Unfit where the two differ. */
export function parameterOf(written: Written, { cdk, stack }: Workshop, path: readonly (string | number)[]): unknown {
  const { CfnParameter } = cdk.load('aws-cdk-lib');
  const { name, ...attributes } = typeof written === 'string' ? { name: written } : written;
  const known = stack.node.tryFindChild(name);
  if (known instanceof CfnParameter) {
    const differs = Object.entries(attributes).some(([key, value]) => known[key as keyof typeof attributes] !== value);
    if (!differs) return valueOf(known);
    throw new Unfit(
      path,
      `the parameter ${name} is declared twice, and not alike`,
      'declare it once, and elsewhere give its name only',
    );
  }
  return valueOf(new CfnParameter(stack, name, { type: 'String', ...attributes }));
}

type Parameter = {
  readonly type: string;
  readonly valueAsString: string;
  readonly valueAsNumber: number;
  readonly valueAsList: readonly string[];
};

function valueOf(parameter: Parameter): string | number | readonly string[] {
  if (parameter.type === 'Number') return parameter.valueAsNumber;
  return /^(?:CommaDelimitedList|List<|AWS::SSM::Parameter::Value<List<)/.test(parameter.type)
    ? parameter.valueAsList
    : parameter.valueAsString;
}
