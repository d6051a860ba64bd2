import { AwsError, type Call, type Handler } from '../../kernel/contract.js';
import type { TrailEntry, TrailResource } from '../../kernel/trail.js';
import type { Trail } from './trail.js';

type Values = Readonly<Record<string, unknown>>;

const READS = /^(?:Describe|List|Get|Validate|Estimate|Detect|BatchDescribe)/;

/** What an event keeps of a request: neither templates and policies, which are large, nor the values of parameters, which may be secret. */
const TOLD = [
  'StackName',
  'ChangeSetName',
  'ChangeSetType',
  'StackSetName',
  'TemplateURL',
  'UsePreviousTemplate',
  'RoleARN',
  'ClientRequestToken',
  'Capabilities',
  'EnableTerminationProtection',
  'Accounts',
  'Regions',
  'OperationId',
  'StackId',
  'StackSetId',
  'Id',
] as const;

export type Onlooker = {
  /** The stack that a call will be about, asked before it changes anything; undefined where it cannot be said. */
  stackOf(input: Values, call: Call): string | undefined;
  /** Told of whose word a stack is being changed on. */
  ordered(stackId: string, by: Pick<TrailEntry, 'principal' | 'accessKeyId'>): void;
};

/** CloudFormation's operations, with an event for each call that changes something, and for each that was refused. */
export function recorded(
  trail: Trail,
  operations: Readonly<Record<string, Handler>>,
  onlooker: Onlooker,
): Readonly<Record<string, Handler>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, handler]): [string, Handler] => {
      const readOnly = READS.test(name);
      if (readOnly && !trail.recordsReads) return [name, handler];
      return [name, recording(trail, handler, { name, readOnly }, onlooker)];
    }),
  );
}

function recording(
  trail: Trail,
  handler: Handler,
  operation: { readonly name: string; readonly readOnly: boolean },
  onlooker: Onlooker,
): Handler {
  return (input: Values, call) => {
    const stackId = onlooker.stackOf(input, call);
    const told = (output: Values | undefined, error: unknown): void => {
      const entry = entryOf(operation, call, input, output, error);
      const made = output?.['StackId'] ?? stackId;
      if (typeof made === 'string' && error === undefined && !operation.readOnly) onlooker.ordered(made, entry);
      trail.record({ ...entry, resources: resourcesOf(input, output, stackId) });
    };
    const refused = (error: unknown): never => {
      if (error instanceof AwsError) told(undefined, error);
      throw error;
    };
    const answered = (output: unknown): unknown => {
      told((output ?? {}) as Values, undefined);
      return output;
    };
    let output: unknown;
    try {
      output = handler(input, call);
    } catch (error) {
      return refused(error);
    }
    return output instanceof Promise ? output.then(answered, refused) : answered(output);
  };
}

function entryOf(
  { name, readOnly }: { readonly name: string; readonly readOnly: boolean },
  call: Call,
  input: Values,
  output: Values | undefined,
  error: unknown,
): Omit<TrailEntry, 'resources'> {
  return {
    account: call.principal.accountId,
    region: call.region,
    source: 'cloudformation.amazonaws.com',
    name,
    readOnly,
    principal: call.principal,
    accessKeyId: call.sender?.accessKeyId ?? '',
    userAgent: call.sender?.userAgent ?? '',
    invokedBy: null,
    requestId: call.requestId,
    request: toldOf(input),
    response: output === undefined || readOnly ? null : toldOf(output),
    error: error instanceof AwsError ? { code: errorCode(error.code), message: error.message } : null,
  };
}

/** CloudTrail has the name of the exception where the query protocol has a code of its own. */
function errorCode(code: string): string {
  return code === 'ValidationError' ? 'ValidationException' : code;
}

/** Names begin with a small letter in CloudTrail. Null where nothing is told. */
function toldOf(values: Values): Values | null {
  const told = TOLD.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name.charAt(0).toLowerCase() + name.slice(1), value] as const];
  });
  return told.length === 0 ? null : Object.fromEntries(told);
}

/** By id and by name, as both are asked for. */
function resourcesOf(input: Values, output: Values | undefined, stackId: string | undefined): readonly TrailResource[] {
  const stacks = [input['StackName'], output?.['StackId'], stackId].flatMap(idAndName);
  const sets = [input['StackSetName'], output?.['StackSetId']].filter((name) => typeof name === 'string');
  const changeSets = [input['ChangeSetName'], output?.['Id']].filter((name) => typeof name === 'string');
  const named = (type: string, names: readonly string[]) => [...new Set(names)].map((name) => ({ type, name }));
  return [
    ...named('AWS::CloudFormation::Stack', stacks),
    ...named('AWS::CloudFormation::StackSet', sets),
    ...named('AWS::CloudFormation::ChangeSet', changeSets),
  ];
}

function idAndName(given: unknown): readonly string[] {
  if (typeof given !== 'string' || given === '') return [];
  const name = /:stack\/([^/]+)\//.exec(given)?.[1];
  return name === undefined ? [given] : [given, name];
}
