import { AwsError } from '../../kernel/contract.js';
import { violationMessage } from '../constraint-rule.js';
import { boundInput, boundOutput } from '../http-binding.js';
import { fromJson, membersFromJson, membersToJson, parseJson, toJson } from '../json.js';
import { bodyText, textResponse, type WireRequest } from '../message.js';
import type { Protocol, Values } from '../protocol.js';
import { route } from '../route.js';
import type { Member } from '../shape.js';
import { refusalJson } from './aws-json.js';

/** Paths and JSON: the Serverless Application Repository. */
export function restJson(): Protocol {
  return {
    invalid: (violations) => new AwsError('BadRequestException', violationMessage(violations), 400),
    codes: {
      malformed: 'BadRequestException',
      incompleteSignature: 'IncompleteSignatureException',
      signatureDoesNotMatch: 'InvalidSignatureException',
      missingToken: 'MissingAuthenticationTokenException',
      tooLarge: 'RequestEntityTooLargeException',
      unauthenticated: 403,
      invalidToken: 'UnrecognizedClientException',
      expiredToken: 'ExpiredTokenException',
    },
    ask(request, model) {
      const routed = route(request, request.path.replace(/(.)\/$/, '$1'), model, () => true);
      if (routed === undefined) {
        throw new AwsError('UnknownOperationException', `No operation answers ${request.method} ${request.path}.`, 404);
      }
      const { operation, labels } = routed;
      const members = operation.input.type === 'structure' ? operation.input.members : [];
      return { operation, input: () => ({ ...boundInput(members, request, labels), ...bodyInput(members, request) }) };
    },
    answer(operation, output, requestId) {
      const members = operation.output.type === 'structure' ? operation.output.members : [];
      const { status, headers } = boundOutput(members, output, operation.http?.status ?? 200);
      const payload = members.find((member) => member.binding.type === 'payload');
      const json =
        payload === undefined
          ? membersToJson(
              members.filter((member) => member.binding.type === 'body'),
              output,
              'json-name',
            )
          : toJson(payload.shape, output[payload.name] ?? {}, 'json-name');
      const all = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...headers };
      return textResponse(status, all, JSON.stringify(json));
    },
    refuse(refusal, requestId) {
      const headers = {
        'content-type': 'application/json',
        'x-amzn-errortype': refusal.code,
        'x-amzn-requestid': requestId,
      };
      return textResponse(refusal.status, headers, JSON.stringify(refusalJson(refusal, 'json-name')));
    },
  };
}

function bodyInput(members: readonly Member[], request: WireRequest): Values {
  const payload = members.find((member) => member.binding.type === 'payload');
  if (payload !== undefined)
    return { [payload.name]: fromJson(payload.shape, parseJson(bodyText(request)), 'json-name') };
  const body = members.filter((member) => member.binding.type === 'body');
  return body.length === 0 ? {} : membersFromJson(body, parseJson(bodyText(request)), 'json-name');
}
