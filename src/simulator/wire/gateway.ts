import {
  AwsError,
  type Call,
  type LoggedCall,
  type Principal,
  type Service,
  type ServiceId,
  type VirtualClock,
} from '../kernel/contract.js';
import type { CountedCalls } from '../kernel/counted-calls.js';
import type { RateLimits } from '../kernel/rate-limits.js';
import type { SeededIdentifiers } from '../kernel/seeded-identifiers.js';
import type { Sessions } from '../kernel/sessions.js';
import { NoAnswer, type Strike } from '../kernel/strike.js';
import type { Violation } from './constraint-rule.js';
import type { Endpoint } from './endpoints.js';
import { enter } from './entrance.js';
import type { WireRequest, WireResponse } from './message.js';
import { Malformed } from './scalar.js';
import { askedOf } from './misdirected.js';
import type { Values } from './protocol.js';
import type { OperationModel, Refusal } from './service-model.js';
import type { Signature } from './signature.js';
import { carryOut, Struck } from './struck.js';

/** Answers a whole request by itself; dynalite does, for DynamoDB. */
export type Proxy = (request: WireRequest, call: Call) => Promise<WireResponse>;

export type GatewayParts = {
  readonly clock: VirtualClock;
  readonly requestIds: SeededIdentifiers;
  readonly sessions: Sessions;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly calls: CountedCalls;
  /** What strikes a call, which counts it; what it asks for can be read where it is not malformed. */
  readonly faults: { striking(call: Call, input: () => Values | undefined): Strike | undefined };
  /** Told of each call once it is over. */
  readonly onCall?: ((call: LoggedCall) => void) | undefined;
  /** Whether AWS has the Region; every Region is one where this is absent. */
  readonly isRegion?: (region: string) => boolean;
  readonly limits: RateLimits;
  /** What is wrong with an input by its service's model. */
  readonly violations: (endpoint: Endpoint, operation: OperationModel, input: Values) => readonly Violation[];
  readonly dynamoDb: Proxy;
};

/** A call while it is being answered: what it is, and what has become of it so far. */
type Underway = { -readonly [Key in keyof Call]: Call[Key] } & { struck: string | null };

const ANONYMOUS: Principal = { accountId: 'anonymous', arn: 'anonymous', userId: 'anonymous' };
const UNKNOWN_OPERATION = 'UnknownOperation';

/** The simulator's front door: one request in, what AWS would have sent out. Throws nothing but NoAnswer. */
export class Gateway {
  constructor(private readonly parts: GatewayParts) {}

  async handle(request: WireRequest): Promise<WireResponse> {
    const requestId = this.parts.requestIds.uuid();
    const entrance = enter(request);
    if (entrance.type === 'refused') {
      const { speaker, error } = entrance;
      return speaker.protocol.refuse(speaker.model.refusal(error), requestId, request);
    }
    const { endpoint } = entrance;
    const region = entrance.type === 'signed' ? entrance.signature.region : '';
    const call: Underway = {
      service: endpoint.id,
      operation: UNKNOWN_OPERATION,
      region,
      principal: ANONYMOUS,
      requestId,
      struck: null,
    };
    let outcome = 'ok';
    try {
      if (this.parts.isRegion?.(region) === false && entrance.type === 'signed') throw unknownRegion(endpoint);
      if (entrance.type === 'signed') {
        call.principal = this.#principal(endpoint, entrance.signature);
        call.sender = { accessKeyId: entrance.signature.accessKeyId, userAgent: request.headers['user-agent'] ?? '' };
      }
      if (request.body.byteLength > endpoint.largestBody)
        throw new AwsError(endpoint.protocol.codes.tooLarge, 'Request entity too large.', 413);
      return endpoint.id === 'dynamodb'
        ? await this.#forward(request, call)
        : await this.#perform(endpoint, request, call);
    } catch (error) {
      if (error instanceof NoAnswer) {
        outcome = error.outcome;
        throw error;
      }
      const refusal = refusalOf(error, endpoint);
      outcome = refusal.code;
      return endpoint.protocol.refuse(refusal, requestId, request);
    } finally {
      const { service, operation, principal, struck } = call;
      const at = this.parts.clock.now();
      const logged = { service, operation, region, principal, requestId, struck, at, outcome };
      this.parts.calls.record(logged);
      this.parts.onCall?.(logged);
    }
  }

  #principal(endpoint: Endpoint, { accessKeyId, sessionToken }: Signature): Principal {
    const found = this.parts.sessions.principal(accessKeyId, sessionToken);
    if (typeof found !== 'string') return found;
    const { invalidToken, expiredToken, unauthenticated } = endpoint.protocol.codes;
    if (found === 'expired')
      throw new AwsError(expiredToken, 'The security token included in the request is expired', unauthenticated);
    throw new AwsError(invalidToken, 'The security token included in the request is invalid.', unauthenticated);
  }

  async #perform(endpoint: Endpoint, request: WireRequest, call: Underway): Promise<WireResponse> {
    const { protocol } = endpoint;
    const asked = askedOf(endpoint, request);
    const { operation } = asked;
    call.operation = operation.name;
    const operations = this.parts.services.get(endpoint.id)?.operations ?? {};
    const handler = Object.hasOwn(operations, operation.name) ? operations[operation.name] : undefined;
    if (handler === undefined)
      throw new AwsError('NotImplemented', `${operation.name} exists in AWS and is not simulated.`, 501);
    const output = await this.#struck(call, asked.input, async () => {
      const input = asked.input();
      const violations = this.parts.violations(endpoint, operation, input);
      if (violations.length > 0) throw protocol.invalid(violations);
      this.parts.limits.take(call);
      return await handler(input, call);
    });
    return protocol.answer(operation, (output ?? {}) as Readonly<Record<string, unknown>>, call.requestId);
  }

  #forward(request: WireRequest, call: Underway): Promise<WireResponse> {
    call.operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? UNKNOWN_OPERATION;
    return this.#struck(
      call,
      () => ({}),
      () => this.parts.dynamoDb(request, call),
    );
  }

  /** Runs the effect with the trouble that strikes this call, if any does. */
  async #struck<Result>(call: Underway, input: () => Values, effect: () => Promise<Result>): Promise<Result> {
    const strike = this.parts.faults.striking(call, () => readable(input));
    if (strike === undefined) return effect();
    call.struck = strike.kind;
    return carryOut(strike, effect);
  }
}

/** What is malformed is refused where the call is performed. */
function readable(input: () => Values): Values | undefined {
  try {
    return input();
  } catch {
    return undefined;
  }
}

function refusalOf(error: unknown, endpoint: Endpoint): Refusal {
  if (error instanceof Struck) return error.refusal;
  if (error instanceof AwsError) return endpoint.model.refusal(error);
  if (error instanceof Malformed)
    return endpoint.model.refusal(new AwsError(endpoint.protocol.codes.malformed, error.message, 400));
  const message = `The simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return { code: 'InternalFailure', status: 500, message, members: {}, shape: undefined };
}

/** AWS has no endpoint there to say so; the words are those for a scope that names another Region than the endpoint's. */
function unknownRegion({ protocol: { codes } }: Endpoint): AwsError {
  return new AwsError(
    codes.signatureDoesNotMatch,
    'Credential should be scoped to a valid region.',
    codes.unauthenticated,
  );
}
