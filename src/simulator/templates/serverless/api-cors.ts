import { isObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { given, needsDefinition } from './api-definition.js';
import { jsonMember, toJson, type Dictionary, type Value } from './definition.js';
import { edit, type RestDraft } from './rest-draft.js';
import { addCors } from './swagger-cors.js';
import { isIntrinsic } from './values.js';

const CORS = ['AllowMethods', 'AllowHeaders', 'AllowOrigin', 'MaxAge', 'AllowCredentials'];

/** Answers preflight requests as `Cors` says. */
export function applyCors(apiId: string, draft: RestDraft): void {
  const cors = given(draft, 'Cors');
  if (cors === undefined) return;
  const json = toJson(cors);
  const whole = typeof json === 'string' || isIntrinsic(json);
  if (given(draft, 'DefinitionBody') === undefined) needsDefinition(apiId, draft, 'Cors', 'Cors');
  if (!whole && !isObject(json)) throw refusedResource(apiId, "Invalid value for 'Cors' property");
  const unknown = whole ? undefined : Object.keys(json as object).find((key) => !CORS.includes(key));
  if (unknown !== undefined) throw refusedResource(apiId, `Invalid key '${unknown}' for 'Cors' property.`);
  needsDefinition(apiId, draft, 'Cors', 'Cors');
  const part = (name: string): Value | undefined => {
    const value = whole ? undefined : (cors as Dictionary).get(name);
    return value === null ? undefined : value;
  };
  const origin = whole ? cors : (part('AllowOrigin') ?? "'*'");
  const credentials = jsonMember(cors, 'AllowCredentials') === true;
  if (credentials && toJson(origin) === "'*'")
    throw refusedResource(
      apiId,
      "Unable to add Cors configuration because 'AllowCredentials' can not be true when 'AllowOrigin' is \"'*'\" or not set",
    );
  edit(draft, (editor) =>
    addCors(editor, {
      origin,
      headers: part('AllowHeaders'),
      methods: part('AllowMethods'),
      maxAge: part('MaxAge'),
      credentials,
    }),
  );
}
