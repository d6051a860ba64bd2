import * as cloudFormation from '@aws-sdk/client-cloudformation';
import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as organizations from '@aws-sdk/client-organizations';
import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import * as sts from '@aws-sdk/client-sts';
import { AwsError, type ServiceId } from '../kernel/contract.js';
import { violationMessage, type ConstraintTable, type Violation } from './constraint-rule.js';
import { CONSTRAINT_TABLES } from './constraint-table.js';
import { InputConstraints } from './input-constraints.js';
import { organizationsViolation } from './organizations-violation.js';
import type { Protocol, Values } from './protocol.js';
import { awsJson } from './protocols/aws-json.js';
import { awsQuery } from './protocols/aws-query.js';
import { restJson } from './protocols/rest-json.js';
import { restXml } from './protocols/rest-xml.js';
import * as serverlessRepository from './serverlessrepo-schemas.js';
import { ServiceModel, type OperationModel } from './service-model.js';

export type Endpoint = {
  readonly id: ServiceId;
  readonly protocol: Protocol;
  readonly model: ServiceModel;
  readonly constraints: InputConstraints;
  /** Bytes of a request's body. */
  readonly largestBody: number;
};

const MIB = 1024 * 1024;

/** AWS publishes no number: two hundred parameters of 4,096 bytes still fit, and SAR's readme and licence of 5 MB each. */
const LARGEST_BODY = 1 * MIB;
const LARGEST_APPLICATION = 16 * MIB;
/** Whoever takes objects is held back by the listener only. */
const NO_LIMIT = Infinity;

/** Required members are the schemas' to say; what else is demanded of these inputs is said by the handlers, in the service's own codes. */
const REQUIRED_ONLY: ConstraintTable = { rules: {}, structures: {} };

const invalidParameters: Protocol['invalid'] = (violations) =>
  new AwsError('ValidationException', violationMessage(violations), 400);

/** Which protocol each service speaks, and what it can be asked. DynamoDB's table is empty: dynalite answers for it. */
export const ENDPOINTS: Readonly<Record<ServiceId, Endpoint>> = {
  sts: {
    id: 'sts',
    protocol: awsQuery('https://sts.amazonaws.com/doc/2011-06-15/', '2011-06-15'),
    model: new ServiceModel(sts),
    constraints: new InputConstraints(CONSTRAINT_TABLES.sts),
    largestBody: LARGEST_BODY,
  },
  organizations: {
    id: 'organizations',
    protocol: awsJson('1.1', 'AWSOrganizationsV20161128', organizationsViolation),
    model: new ServiceModel(organizations),
    constraints: new InputConstraints(CONSTRAINT_TABLES.organizations),
    largestBody: LARGEST_BODY,
  },
  cloudformation: {
    id: 'cloudformation',
    protocol: awsQuery('http://cloudformation.amazonaws.com/doc/2010-05-15/', '2010-05-15'),
    model: new ServiceModel(cloudFormation),
    constraints: new InputConstraints(CONSTRAINT_TABLES.cloudformation),
    largestBody: LARGEST_BODY,
  },
  cloudtrail: {
    id: 'cloudtrail',
    protocol: awsJson('1.1', 'CloudTrail_20131101', invalidParameters),
    model: new ServiceModel(cloudTrail),
    constraints: new InputConstraints(REQUIRED_ONLY),
    largestBody: LARGEST_BODY,
  },
  sns: {
    id: 'sns',
    protocol: awsQuery('http://sns.amazonaws.com/doc/2010-03-31/', '2010-03-31'),
    model: new ServiceModel(sns),
    constraints: new InputConstraints(REQUIRED_ONLY),
    largestBody: LARGEST_BODY,
  },
  serverlessrepo: {
    id: 'serverlessrepo',
    protocol: restJson(),
    model: new ServiceModel(serverlessRepository),
    constraints: new InputConstraints(CONSTRAINT_TABLES.serverlessrepo),
    largestBody: LARGEST_APPLICATION,
  },
  s3: {
    id: 's3',
    protocol: restXml(),
    model: new ServiceModel(s3),
    constraints: new InputConstraints(REQUIRED_ONLY),
    largestBody: NO_LIMIT,
  },
  dynamodb: {
    id: 'dynamodb',
    protocol: awsJson('1.0', 'DynamoDB_20120810', invalidParameters),
    model: new ServiceModel({}),
    constraints: new InputConstraints(REQUIRED_ONLY),
    largestBody: NO_LIMIT,
  },
};

/** The endpoint for a service's signing name; undefined for services that are not simulated at all. */
export function endpointFor(signingName: string): Endpoint | undefined {
  return Object.hasOwn(ENDPOINTS, signingName) ? ENDPOINTS[signingName as ServiceId] : undefined;
}

/** What is wrong with an input by the model of the service that it was sent to. */
export function inputViolations(
  { constraints }: Endpoint,
  operation: OperationModel,
  input: Values,
): readonly Violation[] {
  return constraints.violations(operation, input);
}
