import { AwsError } from '../../kernel/contract.js';
import { bodyText, textResponse, type WireRequest } from '../message.js';
import type { Protocol, Values } from '../protocol.js';
import { fromForm, parseForm } from '../query-form.js';
import { element, escapeXml, membersToXml } from '../xml.js';

const HEADERS = { 'content-type': 'text/xml' };

function parameters(request: WireRequest): URLSearchParams {
  const form = new URLSearchParams(bodyText(request));
  // The same operations can be asked by GET, with the parameters in the URL.
  for (const [name, values] of request.query) for (const value of values) if (!form.has(name)) form.append(name, value);
  return form;
}

/** Form in, XML out: STS and CloudFormation. */
export function awsQuery(namespace: string): Protocol {
  const attribute = ` xmlns="${namespace}"`;
  return {
    codes: {
      missing: 'ValidationError',
      malformed: 'MalformedInput',
      invalidToken: 'InvalidClientTokenId',
      expiredToken: 'ExpiredToken',
    },
    ask(request, model) {
      const form = parameters(request);
      const action = form.get('Action');
      if (action === null) throw new AwsError('MissingAction', 'The request must contain the parameter Action.', 400);
      const operation = model.operation(action);
      if (operation === undefined) throw new AwsError('InvalidAction', `Could not find operation ${action}`, 400);
      const input = () => fromForm(operation.input, parseForm(form)) as Values;
      return { operation, input: operation.input.type === 'structure' ? input : () => ({}) };
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
