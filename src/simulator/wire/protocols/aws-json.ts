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

/** The operation in `x-amz-target`, JSON in and out: Organizations, and DynamoDB's errors. */
export function awsJson(version: '1.0' | '1.1', missing: string): Protocol {
  const headers = (requestId: string) => ({
    'content-type': `application/x-amz-json-${version}`,
    'x-amzn-requestid': requestId,
  });
  return {
    codes: {
      missing,
      malformed: 'SerializationException',
      invalidToken: 'UnrecognizedClientException',
      expiredToken: 'ExpiredTokenException',
    },
    ask(request, model) {
      const name = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      const operation = model.operation(name);
      if (operation === undefined)
        throw new AwsError('UnknownOperationException', `The operation ${name} is not known.`, 400);
      const input = () => fromJson(operation.input, parseJson(bodyText(request)), 'member-name') as Values;
      return { operation, input: operation.input.type === 'structure' ? input : () => ({}) };
    },
    answer(operation, output, requestId) {
      const json = operation.output.type === 'unit' ? {} : toJson(operation.output, output, 'member-name');
      return textResponse(200, headers(requestId), JSON.stringify(json));
    },
    refuse(refusal, requestId) {
      const json = { __type: refusal.code, ...refusalJson(refusal, 'member-name') };
      return textResponse(refusal.status, headers(requestId), JSON.stringify(json));
    },
  };
}
