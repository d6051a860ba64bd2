import { isObject, type Json, type JsonObject } from './json.js';
import { picked } from './serverless/properties.js';
import { tagList } from './serverless/values.js';
import { refusedResource } from './serverless-refusal.js';

/** An application of the Serverless Application Repository, as a template names it. */
export type ApplicationLocation = { readonly applicationId: string; readonly semanticVersion: string };

/** Answers the URL of a nested application's template. */
export type ApplicationResolver = (location: ApplicationLocation) => string;

const RESERVED_TAGS = ['lambda:createdBy', 'serverlessrepo:applicationId', 'serverlessrepo:semanticVersion'];

/** A nested application: a nested stack of its template, tagged with where it comes from. */
export function expandApplication(
  logicalId: string,
  resource: JsonObject,
  properties: JsonObject,
  resolve: ApplicationResolver | undefined,
): JsonObject {
  const location = locationOf(logicalId, properties['Location']);
  // Whoever resolves is the repository, and it takes no templates but its own.
  if (typeof location === 'string' && resolve !== undefined) {
    throw refusedResource(
      logicalId,
      'Location property must be an Application Location Object referencing a valid AWS Serverless Application Repository application.',
    );
  }
  const tags = tagList(properties['Tags']);
  const reserved = tags.find(({ Key }) => RESERVED_TAGS.includes(Key as string));
  if (reserved !== undefined) {
    throw refusedResource(
      logicalId,
      `${reserved['Key'] as string} is a reserved Tag key name and cannot be set on your resource. Please change the tag key in the input.`,
    );
  }
  return {
    ...resource,
    Type: 'AWS::CloudFormation::Stack',
    Properties: {
      ...picked(properties, 'Parameters NotificationARNs TimeoutInMinutes'),
      TemplateURL: typeof location === 'string' ? location : resolved(logicalId, location, resolve),
      Tags: [
        { Key: 'lambda:createdBy', Value: 'SAM' },
        ...(typeof location === 'string'
          ? []
          : [
              { Key: 'serverlessrepo:applicationId', Value: location.applicationId },
              { Key: 'serverlessrepo:semanticVersion', Value: location.semanticVersion },
            ]),
        ...tags,
      ],
    },
  };
}

function resolved(logicalId: string, location: ApplicationLocation, resolve: ApplicationResolver | undefined): string {
  if (resolve === undefined) {
    throw refusedResource(
      logicalId,
      'The simulator expands applications of the Serverless Application Repository only where that repository serves the template.',
    );
  }
  return resolve(location);
}

function locationOf(logicalId: string, location: Json | undefined): ApplicationLocation | string {
  if (location === undefined) throw refusedResource(logicalId, 'Resource is missing the required [Location] property.');
  if (typeof location === 'string') return location;
  const member = (name: 'ApplicationId' | 'SemanticVersion'): string => {
    const value = isObject(location) ? location[name] : undefined;
    if (value === undefined) throw refusedResource(logicalId, `Resource is missing the required [${name}] property.`);
    if (typeof value === 'string' && value !== '') return value;
    throw refusedResource(
      logicalId,
      `Property '${name}' cannot be resolved. Only FindInMap and Ref intrinsic functions are supported.`,
    );
  };
  return { applicationId: member('ApplicationId'), semanticVersion: member('SemanticVersion') };
}
