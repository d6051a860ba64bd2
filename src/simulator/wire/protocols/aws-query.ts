import { AwsError } from '../../kernel/contract.js';
import { violationMessage } from '../constraint-rule.js';
import { bodyText, textResponse, type WireRequest } from '../message.js';
import type { Protocol } from '../protocol.js';
import { formTree, inputFromForm, parseForm } from '../query-form.js';
import { element, escapeXml, membersToXml } from '../xml.js';

const HEADERS = { 'content-type': 'text/xml' };
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** The parameters of the body, which has to say that it is a form where it says anything, and of the URL. */
function parameters(request: WireRequest): Map<string, string> {
  const { method, query, headers } = request;
  const type = headers['content-type'];
  const isForm = method === 'POST' && (type === undefined || FORM.test(type));
  const form = isForm ? parseForm(bodyText(request)) : new Map<string, string>();
  // The same operations can be asked by GET, with the parameters in the URL.
  if (method === 'POST' || method === 'GET')
    for (const [name, [value = '']] of query) if (!form.has(name)) form.set(name, value);
  return form;
}

/** Form in, XML out: STS, CloudFormation and SNS. `version` is that of the API, which every request names. */
export function awsQuery(namespace: string, version: string): Protocol {
  const attribute = ` xmlns="${namespace}"`;
  return {
    invalid: (violations) => new AwsError('ValidationError', violationMessage(violations), 400),
    codes: {
      malformed: 'MalformedInput',
      incompleteSignature: 'IncompleteSignature',
      signatureDoesNotMatch: 'SignatureDoesNotMatch',
      missingToken: 'MissingAuthenticationToken',
      tooLarge: 'RequestEntityTooLarge',
      unauthenticated: 403,
      invalidToken: 'InvalidClientTokenId',
      expiredToken: 'ExpiredToken',
    },
    ask(request, model) {
      const form = parameters(request);
      const action = form.get('Action');
      if (action === undefined)
        throw new AwsError('MissingAction', 'The request must contain the parameter Action.', 400);
      const asked = form.get('Version') ?? 'NO_VERSION_SPECIFIED';
      const operation = asked === version ? model.operation(action) : undefined;
      if (operation === undefined)
        throw new AwsError('InvalidAction', `Could not find operation ${action} for version ${asked}`, 400);
      const members = operation.input.type === 'structure' ? operation.input.members : [];
      return { operation, input: () => inputFromForm(members, formTree(form)) };
    },
    answer(operation, output, requestId) {
      const { name } = operation;
      const result =
        operation.output.type === 'structure'
          ? element(`${name}Result`, membersToXml(operation.output.members, output))
          : '';
      const metadata = element('ResponseMetadata', element('RequestId', requestId));
      return textResponse(
        200,
        { ...HEADERS, 'x-amzn-requestid': requestId },
        element(`${name}Response`, result + metadata, attribute),
      );
    },
    refuse(refusal, requestId) {
      const type = refusal.status >= 500 ? 'Receiver' : 'Sender';
      const members = (refusal.shape?.members ?? []).filter((member) => member.name.toLowerCase() !== 'message');
      const content =
        element('Type', type) +
        element('Code', escapeXml(refusal.code)) +
        element('Message', escapeXml(refusal.message)) +
        membersToXml(members, refusal.members);
      const body = element('ErrorResponse', element('Error', content) + element('RequestId', requestId), attribute);
      return textResponse(refusal.status, { ...HEADERS, 'x-amzn-requestid': requestId }, body);
    },
  };
}
