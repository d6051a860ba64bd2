import { isObject, type JsonObject } from '../json.js';
import { expandApplication, type ApplicationResolver } from '../serverless-application.js';
import { notExpanded, refusedResource } from '../serverless-refusal.js';
import { expandApi } from './api.js';
import { definitionText } from './definition-text.js';
import { fromJson } from './definition.js';
import { expandFunction } from './function.js';
import { expandHttpApi } from './http-api.js';
import { expandLayer } from './layer.js';
import { expandStateMachine } from './state-machine.js';
import { expandTable } from './table.js';
import { checkId } from './properties.js';
import { propagated } from './tags.js';
import { isGiven, shown } from './values.js';
import { propertiesOf, type Produced, type Work } from './work.js';

/** What one serverless resource becomes; `id` is the one that references to it mean now, `parts` those of what references name after a dot. */
export type Expansion = {
  readonly made: Produced;
  readonly id: string;
  readonly parts: Readonly<Record<string, string>>;
};

/** Earlier ones write into the definitions of later ones. */
const ORDER = [
  'AWS::Serverless::Function',
  'AWS::Serverless::StateMachine',
  'AWS::Serverless::Api',
  'AWS::Serverless::HttpApi',
];

/** Types that AWS expands and the simulator does not. What has a type that is none of all these stays, for CloudFormation to refuse. */
const NOT_YET = [
  'AWS::Serverless::CapacityProvider',
  'AWS::Serverless::Connector',
  'AWS::Serverless::GraphQLApi',
  'AWS::Serverless::MicrovmImage',
  'AWS::Serverless::NetworkConnector',
  'AWS::Serverless::WebFunction',
  'AWS::Serverless::WebSocketApi',
];

const SERVERLESS = new Set([
  ...ORDER,
  ...NOT_YET,
  'AWS::Serverless::SimpleTable',
  'AWS::Serverless::LayerVersion',
  'AWS::Serverless::Application',
]);

/** True for a resource that the transform makes others of. */
export const isServerless = ({ Type }: JsonObject): boolean => typeof Type === 'string' && SERVERLESS.has(Type);

export const rankOf = (type: string): number => {
  const rank = ORDER.indexOf(type === 'AWS::Serverless::HttpApi' ? 'AWS::Serverless::Api' : type);
  return rank < 0 ? ORDER.length : rank;
};

/** Expands one resource. Whatever it makes must have a logical id that CloudFormation takes. */
export function expand(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  application: ApplicationResolver | undefined,
): Expansion {
  checkId(logicalId);
  const expansion = expanded(work, logicalId, resource, application);
  for (const [id] of expansion.made) checkId(id);
  return expansion;
}

function expanded(
  work: Work,
  logicalId: string,
  resource: JsonObject,
  application: ApplicationResolver | undefined,
): Expansion {
  const properties = propertiesOf(resource);
  const of = (made: Produced, id = logicalId): Expansion => ({ made, id, parts: {} });
  switch (resource['Type'] as string) {
    case 'AWS::Serverless::Function': {
      nameForApis(work, properties);
      const { made, parts } = expandFunction(work, logicalId, resource, properties);
      return { made: propagated(made, properties), id: logicalId, parts };
    }
    case 'AWS::Serverless::StateMachine':
      return of(expandStateMachine(work, logicalId, resource, properties));
    case 'AWS::Serverless::Api': {
      const made = expandApi(work, logicalId, resource, work.restApis.get(logicalId)!);
      return { made, id: logicalId, parts: { Deployment: made[1]![0], Stage: made[2]![0] } };
    }
    case 'AWS::Serverless::HttpApi': {
      const made = expandHttpApi(work, logicalId, resource, properties);
      return { made, id: logicalId, parts: { Stage: made.at(-1)![0] } };
    }
    case 'AWS::Serverless::SimpleTable':
      return of(expandTable(logicalId, resource, properties));
    case 'AWS::Serverless::LayerVersion': {
      const layer = expandLayer(work, logicalId, resource, properties);
      return of([layer], layer[0]);
    }
    case 'AWS::Serverless::Application':
      return of([[logicalId, expandApplication(logicalId, resource, properties, application)]]);
    default:
      throw refusedResource(logicalId, notExpanded(shown(resource['Type'])));
  }
}

/** Notes the function's name for the REST APIs that call it: another name makes another deployment. */
function nameForApis(work: Work, properties: JsonObject): void {
  const name = properties['FunctionName'];
  if (!isGiven(name)) return;
  const resolved = work.resolve(name);
  const text = typeof resolved === 'string' ? resolved : definitionText(fromJson(resolved));
  for (const event of Object.values(isObject(properties['Events']) ? properties['Events'] : {})) {
    if (!isObject(event) || event['Type'] !== 'Api') continue;
    const given = propertiesOf(event)['RestApiId'];
    const apiId = isObject(given) ? given['Ref'] : given;
    if (typeof apiId === 'string') work.functionNames.set(apiId, (work.functionNames.get(apiId) ?? '') + text);
  }
}
