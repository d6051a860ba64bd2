import {
  AwsError,
  type Call,
  type Principal,
  type Service,
  type ServiceId,
  type VirtualClock,
} from '../kernel/contract.js';
import type { CountedCalls } from '../kernel/counted-calls.js';
import type { InjectedFaults } from '../kernel/injected-faults.js';
import type { RateLimits } from '../kernel/rate-limits.js';
import type { SeededIdentifiers } from '../kernel/seeded-identifiers.js';
import type { Sessions } from '../kernel/sessions.js';
import { endpointFor, ENDPOINTS, type Endpoint } from './endpoints.js';
import { bodyText, type WireRequest, type WireResponse } from './message.js';
import { missingMembers, missingMessage } from './required.js';
import { isS3Host } from '../kernel/s3-address.js';
import { Malformed } from './scalar.js';
import type { Refusal } from './service-model.js';
import { signatureOf } from './signature.js';

/** Answers a whole request by itself; dynalite does, for DynamoDB. */
export type Proxy = (request: WireRequest, call: Call) => Promise<WireResponse>;

export type GatewayParts = {
  readonly clock: VirtualClock;
  readonly requestIds: SeededIdentifiers;
  readonly sessions: Sessions;
  readonly services: ReadonlyMap<ServiceId, Service>;
  readonly calls: CountedCalls;
  readonly faults: InjectedFaults;
  readonly limits: RateLimits;
  readonly dynamoDb: Proxy;
};

/** An injected fault goes out exactly as it was asked for, whatever the service's model says of its code. */
class Struck extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.message);
  }
}

const ANONYMOUS: Principal = { accountId: 'anonymous', arn: 'anonymous', userId: 'anonymous' };
const UNKNOWN_OPERATION = 'UnknownOperation';

/** The simulator's front door: one request in, what AWS would have sent out. Never throws. */
export class Gateway {
  constructor(private readonly parts: GatewayParts) {}

  async handle(request: WireRequest): Promise<WireResponse> {
    const requestId = this.parts.requestIds.uuid();
    const signature = signatureOf(request);
    const endpoint = signature === undefined ? anonymousEndpoint(request) : endpointFor(signature.service);
    if (endpoint === undefined) return unroutable(signature?.service, requestId, request);
    const region = signature?.region ?? '';
    const call: { -readonly [Key in keyof Call]: Call[Key] } = {
      service: endpoint.id,
      operation: UNKNOWN_OPERATION,
      region,
      principal: ANONYMOUS,
      requestId,
    };
    let outcome = 'ok';
    try {
      if (signature !== undefined)
        call.principal = this.#principal(endpoint, signature.accessKeyId, signature.sessionToken);
      return endpoint.id === 'dynamodb'
        ? await this.#forward(request, call)
        : await this.#perform(endpoint, request, call);
    } catch (error) {
      const refusal = refusalOf(error, endpoint);
      outcome = refusal.code;
      return endpoint.protocol.refuse(refusal, requestId, request);
    } finally {
      this.parts.calls.record({ ...call, at: this.parts.clock.now(), outcome });
    }
  }

  #principal(endpoint: Endpoint, accessKeyId: string, sessionToken: string | undefined): Principal {
    const found = this.parts.sessions.principal(accessKeyId, sessionToken);
    if (typeof found !== 'string') return found;
    const { invalidToken, expiredToken } = endpoint.protocol.codes;
    if (found === 'expired')
      throw new AwsError(expiredToken, 'The security token included in the request is expired', 403);
    throw new AwsError(invalidToken, 'The security token included in the request is invalid.', 403);
  }

  async #perform(endpoint: Endpoint, request: WireRequest, call: { operation: string } & Call): Promise<WireResponse> {
    const { protocol, model } = endpoint;
    const asked = protocol.ask(request, model);
    const { operation } = asked;
    call.operation = operation.name;
    const operations = this.parts.services.get(endpoint.id)?.operations ?? {};
    const handler = Object.hasOwn(operations, operation.name) ? operations[operation.name] : undefined;
    if (handler === undefined)
      throw new AwsError('NotImplemented', `${operation.name} exists in AWS and is not simulated.`, 501);
    const output = await this.#struck(call, async () => {
      const input = asked.input();
      const missing = missingMembers(operation.input, input);
      if (missing.length > 0) throw new AwsError(protocol.codes.missing, missingMessage(missing), 400);
      this.parts.limits.take(call);
      return await handler(input, call);
    });
    return protocol.answer(operation, (output ?? {}) as Readonly<Record<string, unknown>>, call.requestId);
  }

  #forward(request: WireRequest, call: { operation: string } & Call): Promise<WireResponse> {
    call.operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? UNKNOWN_OPERATION;
    return this.#struck(call, () => this.parts.dynamoDb(request, call));
  }

  /** Runs the effect with the fault that strikes this call, if one does, before or after it. */
  async #struck<Result>(call: Call, effect: () => Promise<Result>): Promise<Result> {
    const fault = this.parts.faults.striking(call);
    const thrown = fault === undefined ? undefined : new Struck({ ...fault.error, members: {}, shape: undefined });
    if (thrown !== undefined && fault?.when === 'before') throw thrown;
    const result = await effect();
    if (thrown !== undefined) throw thrown;
    return result;
  }
}

/** Operations that are called before there are credentials to sign with. */
const UNSIGNED_ACTIONS = /(?:^|&)Action=(?:AssumeRoleWithSAML|AssumeRoleWithWebIdentity)(?:&|$)/;

/** Whoever does not sign may read objects of S3, as SAR's template URLs are read, and ask STS what needs no signature. */
function anonymousEndpoint(request: WireRequest): Endpoint | undefined {
  if (request.method === 'POST') return UNSIGNED_ACTIONS.test(bodyText(request)) ? ENDPOINTS.sts : undefined;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const elsewhere = request.hostname.endsWith('.amazonaws.com') && !isS3Host(request.hostname);
  return reads && !elsewhere && !request.query.has('Action') ? ENDPOINTS.s3 : undefined;
}

function refusalOf(error: unknown, endpoint: Endpoint): Refusal {
  if (error instanceof Struck) return error.refusal;
  if (error instanceof AwsError) return endpoint.model.refusal(error);
  if (error instanceof Malformed)
    return endpoint.model.refusal(new AwsError(endpoint.protocol.codes.malformed, error.message, 400));
  const message = `The simulator failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return { code: 'InternalFailure', status: 500, message, members: {}, shape: undefined };
}

/** A service that is not simulated, or no signature where one is needed: said in JSON, or in XML where the request was no JSON. */
function unroutable(service: string | undefined, requestId: string, request: WireRequest): WireResponse {
  const [code, status, message] =
    service === undefined
      ? (['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'] as const)
      : (['NotImplemented', 501, `The service ${service} is not simulated.`] as const);
  const refusal = { code, status, message, members: {}, shape: undefined };
  const json = 'x-amz-target' in request.headers || (request.headers['content-type'] ?? '').includes('json');
  return json
    ? ENDPOINTS.organizations.protocol.refuse(refusal, requestId, request)
    : ENDPOINTS.sts.protocol.refuse(refusal, requestId, request);
}
