import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as organizations from '@aws-sdk/client-organizations';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import type { ServiceId } from '../kernel/contract.js';
import type { Protocol } from './protocol.js';
import { awsJson } from './protocols/aws-json.js';
import { awsQuery } from './protocols/aws-query.js';
import { restJson } from './protocols/rest-json.js';
import { restXml } from './protocols/rest-xml.js';
import * as serverlessRepository from './serverlessrepo-schemas.js';
import { ServiceModel } from './service-model.js';

export type Endpoint = { readonly id: ServiceId; readonly protocol: Protocol; readonly model: ServiceModel };

/** Which protocol each service speaks, and what it can be asked. DynamoDB's table is empty: dynalite answers for it. */
export const ENDPOINTS: Readonly<Record<ServiceId, Endpoint>> = {
  sts: { id: 'sts', protocol: awsQuery('https://sts.amazonaws.com/doc/2011-06-15/'), model: new ServiceModel(sts) },
  organizations: {
    id: 'organizations',
    protocol: awsJson('1.1', 'InvalidInputException'),
    model: new ServiceModel(organizations),
  },
  cloudformation: {
    id: 'cloudformation',
    protocol: awsQuery('http://cloudformation.amazonaws.com/doc/2010-05-15/'),
    model: new ServiceModel(cloudFormation),
  },
  serverlessrepo: { id: 'serverlessrepo', protocol: restJson(), model: new ServiceModel(serverlessRepository) },
  s3: { id: 's3', protocol: restXml(), model: new ServiceModel(s3) },
  dynamodb: { id: 'dynamodb', protocol: awsJson('1.0', 'ValidationException'), model: new ServiceModel({}) },
};

/** The endpoint for a service's signing name; undefined for services that are not simulated at all. */
export function endpointFor(signingName: string): Endpoint | undefined {
  return Object.hasOwn(ENDPOINTS, signingName) ? ENDPOINTS[signingName as ServiceId] : undefined;
}
