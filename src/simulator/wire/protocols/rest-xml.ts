import { AwsError } from '../../kernel/contract.js';
import { violationMessage } from '../constraint-rule.js';
import { decodeChunks } from '../aws-chunked.js';
import { boundInput, boundOutput } from '../http-binding.js';
import { textResponse, type WireRequest } from '../message.js';
import type { Protocol, Values } from '../protocol.js';
import { route, type Routed } from '../route.js';
import { Malformed } from '../scalar.js';
import { s3Address } from '../../kernel/s3-address.js';
import type { OperationModel, ServiceModel } from '../service-model.js';
import type { Member } from '../shape.js';
import { fromXml, parseDocument } from '../xml-document.js';
import { element, escapeXml, membersToXml, toXml } from '../xml.js';

const NAMESPACE = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Paths and XML, the bucket in the host or in front of the path: S3. */
export function restXml(): Protocol {
  return {
    invalid: (violations) => new AwsError('InvalidArgument', violationMessage(violations), 400),
    codes: {
      malformed: 'MalformedXML',
      incompleteSignature: 'AuthorizationHeaderMalformed',
      signatureDoesNotMatch: 'AuthorizationHeaderMalformed',
      missingToken: 'AccessDenied',
      tooLarge: 'EntityTooLarge',
      unauthenticated: 403,
      invalidToken: 'InvalidAccessKeyId',
      expiredToken: 'ExpiredToken',
    },
    ask(request, model) {
      const { bucket, path } = s3Address(request);
      const routed = routedTo(request, path, model, bucket !== undefined);
      if (routed === undefined)
        throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
      const { operation, labels } = routed;
      const members = operation.input.type === 'structure' ? operation.input.members : [];
      const address = bucket === undefined ? {} : { Bucket: bucket };
      return {
        operation,
        input: () => ({ ...boundInput(members, request, labels), ...address, ...payloadInput(members, request) }),
      };
    },
    answer(operation, output, requestId) {
      const members = operation.output.type === 'structure' ? operation.output.members : [];
      // No member carries the status, and part of an object is answered with one of its own.
      const usual = 'ContentRange' in output ? 206 : (operation.http?.status ?? 200);
      const { status, headers } = boundOutput(members, output, usual);
      const all = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, ...headers };
      const payload = members.find((member) => member.binding.type === 'payload');
      if (payload?.shape.type === 'blob')
        return { status, headers: all, body: (output[payload.name] as Uint8Array | undefined) ?? new Uint8Array() };
      const xml = documentOf(operation, payload, output);
      return textResponse(status, xml === '' ? all : { ...all, 'content-type': 'application/xml' }, xml);
    },
    refuse(refusal, requestId, request) {
      const headers = { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId };
      // An answer to HEAD has no body, so that the client knows nothing but the status.
      if (request.method === 'HEAD') return { status: refusal.status, headers, body: new Uint8Array() };
      const details = Object.entries(refusal.members).map(([name, value]) => element(name, escapeXml(String(value))));
      const content =
        element('Code', escapeXml(refusal.code)) + element('Message', escapeXml(refusal.message)) + details.join('');
      const body =
        DECLARATION + element('Error', content + element('RequestId', requestId) + element('HostId', requestId));
      return textResponse(refusal.status, { ...headers, 'content-type': 'application/xml' }, body);
    },
  };
}

function routedTo(request: WireRequest, path: string, model: ServiceModel, inBucket: boolean): Routed | undefined {
  try {
    return route(request, path, model, (operation) => hasBucket(operation) === inBucket);
  } catch (error) {
    throw error instanceof Malformed ? new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400) : error;
  }
}

function hasBucket(operation: OperationModel): boolean {
  return (
    operation.input.type === 'structure' &&
    operation.input.members.some((member) => member.name === 'Bucket' && member.required)
  );
}

function documentOf(operation: OperationModel, payload: Member | undefined, output: Values): string {
  if (payload !== undefined) {
    const value = output[payload.name];
    return value === undefined || value === null ? '' : DECLARATION + toXml(payload.xmlName, payload.shape, value);
  }
  if (operation.output.type !== 'structure') return '';
  const body = operation.output.members.filter((member) => member.binding.type === 'body');
  return body.length === 0
    ? ''
    : DECLARATION + element(operation.output.xmlName, membersToXml(body, output), NAMESPACE);
}

function payloadInput(members: readonly Member[], request: WireRequest): Values {
  const payload = members.find((member) => member.binding.type === 'payload');
  if (payload === undefined) return {};
  const bytes = decodeChunks(request);
  if (payload.shape.type === 'blob') return { [payload.name]: bytes };
  return bytes.length === 0 ? {} : { [payload.name]: fromXml(payload.shape, parseDocument(bytes)) };
}
