import type { WireRequest, WireResponse } from './message.js';
import type { AwsError } from '../kernel/contract.js';
import type { Violation } from './constraint-rule.js';
import type { OperationModel, Refusal, ServiceModel } from './service-model.js';

export type Values = Readonly<Record<string, unknown>>;

/** What a request asks for. The input is read by a step of its own, so that a call whose input is malformed still has a name in the log. */
export type Asked = {
  readonly operation: OperationModel;
  /** Throws Malformed. */
  readonly input: () => Values;
};

/** A server's side of one of AWS's protocols. */
export interface Protocol {
  /** Throws AwsError where the service has no such operation. */
  ask(request: WireRequest, model: ServiceModel): Asked;
  answer(operation: OperationModel, output: Values, requestId: string): WireResponse;
  refuse(refusal: Refusal, requestId: string, request: WireRequest): WireResponse;
  /** How AWS says that an input is not as its model demands; at least one violation. */
  invalid(violations: readonly Violation[]): AwsError;
  /** AWS's codes for what goes wrong before a handler sees the call; they differ between protocols. */
  readonly codes: {
    readonly malformed: string;
    readonly incompleteSignature: string;
    readonly signatureDoesNotMatch: string;
    readonly missingToken: string;
    readonly tooLarge: string;
    /** The status of a signature or a token that is not taken. */
    readonly unauthenticated: 400 | 403;
    readonly invalidToken: string;
    readonly expiredToken: string;
  };
}
