import { isObject, type Json } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { given, needsDefinition } from './api-definition.js';
import { Authored, Dictionary, textOf, toJson } from './definition.js';
import { edit, type RestDraft } from './rest-draft.js';
import { isGiven, isIntrinsic, shown } from './values.js';

const RESPONSE = ['ResponseParameters', 'ResponseTemplates', 'StatusCode'];
const PARAMETERS = [
  ['Headers', 'header.'],
  ['Paths', 'path.'],
  ['QueryStrings', 'querystring.'],
] as const;

/** What the API answers instead of a function, as `GatewayResponses` says. */
export function applyGatewayResponses(apiId: string, draft: RestDraft): void {
  const responses = given(draft, 'GatewayResponses');
  if (!(responses instanceof Dictionary)) return;
  if (given(draft, 'DefinitionBody') === undefined) needsDefinition(apiId, draft, 'GatewayResponses', 'Auth');
  for (const [type, response] of responses.all()) checkResponse(apiId, textOf(type), toJson(response));
  needsDefinition(apiId, draft, 'GatewayResponses', 'Auth');
  const made = new Dictionary();
  for (const [type, response] of responses.all()) made.set(type, gatewayResponse(response as Dictionary));
  edit(draft, (editor) => {
    for (const [type, response] of made.all()) editor.responses.set(type, response);
  });
}

function checkResponse(apiId: string, type: string, response: Json): void {
  if (isIntrinsic(response))
    throw refusedResource(
      apiId,
      'Unable to set GatewayResponses attribute because intrinsic functions are not supported for this field.',
    );
  if (!isObject(response)) throw refusedResource(apiId, `Property 'GatewayResponses.${type}' should be a map.`);
  const unknown = Object.keys(response).find((key) => !RESPONSE.includes(key));
  if (unknown !== undefined)
    throw refusedResource(apiId, `Invalid property '${unknown}' in 'GatewayResponses' property '${type}'.`);
  const parameters = response['ResponseParameters'];
  const wrong = isObject(parameters)
    ? Object.keys(parameters).find((key) => !PARAMETERS.some(([name]) => name === key))
    : undefined;
  if (wrong !== undefined) throw refusedResource(apiId, `Invalid gateway response parameter '${wrong}'`);
  const status = response['StatusCode'];
  if (isGiven(status) && !/^[0-9]{1,3}$/.test(shown(status)))
    throw refusedResource(apiId, "Property 'StatusCode' must be numeric");
}

function gatewayResponse(response: Dictionary): Dictionary {
  const made = new Dictionary();
  const given = response.get('ResponseParameters');
  const parameters = new Dictionary();
  for (const [property, prefix] of PARAMETERS) {
    const values = given instanceof Dictionary ? given.get(property) : undefined;
    if (values instanceof Dictionary)
      for (const [key, value] of values.all())
        parameters.set(new Authored(`gatewayresponse.${prefix}${textOf(key)}`), value);
  }
  const templates = response.get('ResponseTemplates');
  made.set('responseParameters', parameters).set('responseTemplates', templates ?? new Dictionary());
  const status = response.get('StatusCode');
  if (status !== undefined && status !== null)
    made.set('statusCode', status instanceof Authored ? status.text : shown(toJson(status)));
  return made;
}
