import { AwsError } from '../../kernel/contract.js';
import { fromJson, membersToJson, parseJson, toJson } from '../json.js';
import { bodyText, textResponse } from '../message.js';
import type { Protocol, Values } from '../protocol.js';
import type { Refusal } from '../service-model.js';

/** The members of a modelled error, its text under the name that the model gives it. */
export function refusalJson(refusal: Refusal, naming: 'member-name' | 'json-name'): Record<string, unknown> {
  const members = refusal.shape?.members ?? [];
  const text = members.find((member) => member.name.toLowerCase() === 'message');
  if (text === undefined) return { message: refusal.message };
  return { ...membersToJson(members, { ...refusal.members, [text.name]: refusal.message }, naming) };
}

/** The statuses in the models are for protocols that bind errors to them; this one says whose fault it was. */
function statusOf({ shape, status }: Refusal): number {
  if (shape === undefined) return status;
  return status < 500 ? 400 : 500;
}

/** The operation in `x-amz-target`, after the service's own name there; JSON in and out: Organizations, CloudTrail, and DynamoDB's errors. */
export function awsJson(version: '1.0' | '1.1', target: string, invalid: Protocol['invalid']): Protocol {
  const headers = (requestId: string) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });
  return {
    invalid,
    codes: {
      malformed: 'SerializationException',
      incompleteSignature: 'IncompleteSignatureException',
      signatureDoesNotMatch: 'InvalidSignatureException',
      missingToken: 'MissingAuthenticationTokenException',
      tooLarge: 'RequestEntityTooLargeException',
      unauthenticated: 400,
      invalidToken: 'UnrecognizedClientException',
      expiredToken: 'ExpiredTokenException',
    },
    ask(request, model) {
      // Some clients put the service's whole package name in front.
      const [name = '', service] = (request.headers['x-amz-target'] ?? '').split('.').reverse();
      const type = request.headers['content-type'] ?? '';
      const spoken = service === target && type.startsWith(`application/x-amz-json-${version}`);
      const operation = spoken ? model.operation(name) : undefined;
      if (operation === undefined) throw new AwsError('UnknownOperationException', '', 400);
      const input = () => fromJson(operation.input, parseJson(bodyText(request)), 'member-name') as Values;
      return { operation, input: operation.input.type === 'structure' ? input : () => ({}) };
    },
    answer(operation, output, requestId) {
      const json = operation.output.type === 'unit' ? {} : toJson(operation.output, output, 'member-name');
      return textResponse(200, headers(requestId), JSON.stringify(json));
    },
    refuse(refusal, requestId) {
      const json = { __type: refusal.shape?.name ?? refusal.code, ...refusalJson(refusal, 'member-name') };
      return textResponse(statusOf(refusal), headers(requestId), JSON.stringify(json));
    },
  };
}
