import type { Authored } from './definition.js';
import { Dictionary, type Value } from './definition.js';
import { INTEGRATION, methodName, NO_VALUE_IN_DEFINITION, type SwaggerEditor } from './swagger.js';

export type Place = { readonly path: Authored; readonly method: Authored; readonly condition: Value | undefined };

/** Puts an integration where a path and a method meet; under the caller's condition, where it has one. */
function integrate(
  editor: SwaggerEditor,
  { path, method, condition }: Place,
  uri: Value,
  write: (integration: Dictionary, definition: Dictionary) => void,
): void {
  const name = methodName(method);
  editor.addPath(path, method);
  const uriValue: Value = condition === undefined ? uri : { 'Fn::If': [condition, uri, NO_VALUE_IN_DEFINITION] };
  for (const item of editor.pathItems(path.text)) {
    const definition = item.get(typeof name === 'string' ? name : name.text) as Dictionary;
    const integration = new Dictionary();
    definition.set(INTEGRATION, integration);
    integration.set('type', '').set('httpMethod', 'POST').set('uri', uriValue);
    write(integration, definition);
    if (condition !== undefined) item.set(name, { 'Fn::If': [condition, definition, NO_VALUE_IN_DEFINITION] });
  }
}

/** Calls a function. `credentials` are the caller's or a role's where the method is authorized by IAM. */
export function addFunction(
  editor: SwaggerEditor,
  place: Place,
  uri: Value,
  options: { readonly streams: boolean; readonly credentials: Value | undefined },
): void {
  integrate(editor, place, uri, (integration, definition) => {
    integration.set('type', 'aws_proxy');
    if (options.streams) integration.set('responseTransferMode', 'STREAM');
    if (options.credentials !== undefined) integration.set('credentials', options.credentials);
    definition.ensure('responses', new Dictionary());
  });
}

const STATUSES = [
  ['200', 'OK'],
  ['400', 'Bad Request'],
] as const;

/** Starts a state machine, in the role `credentials`, with the request as its input. */
export function addStateMachine(
  editor: SwaggerEditor,
  place: Place,
  credentials: Value,
  requestTemplates: { readonly [type: string]: Value },
): void {
  const uri = { 'Fn::Sub': 'arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution' };
  integrate(editor, place, uri, (integration, definition) => {
    const answers = new Dictionary();
    const described = new Dictionary();
    for (const [status, description] of STATUSES) {
      answers.set(status, Dictionary.of({ statusCode: status }));
      described.set(status, Dictionary.of({ description }));
    }
    integration.set('type', 'aws').set('responses', answers).set('credentials', credentials);
    definition.ensure('responses', described);
    integration.update(Dictionary.of({ requestTemplates }));
  });
}
