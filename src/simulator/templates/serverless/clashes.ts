import { memberOf, type JsonObject } from '../json.js';
import { shown } from './values.js';

/** Types that may take the logical id of what they are made from. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'AWS::Serverless::Function',
  'AWS::Lambda::LayerVersion': 'AWS::Serverless::LayerVersion',
  'AWS::ApiGateway::RestApi': 'AWS::Serverless::Api',
  'AWS::ApiGatewayV2::Api': 'AWS::Serverless::HttpApi',
  'AWS::S3::Bucket': 'AWS::S3::Bucket',
  'AWS::SNS::Topic': 'AWS::SNS::Topic',
  'AWS::DynamoDB::Table': 'AWS::Serverless::SimpleTable',
  'AWS::CloudFormation::Stack': 'AWS::Serverless::Application',
  'AWS::Cognito::UserPool': 'AWS::Cognito::UserPool',
  'AWS::StepFunctions::StateMachine': 'AWS::Serverless::StateMachine',
};

/** The problem with a resource that would take the place of another; undefined where there is none. */
export function clash(
  owner: string,
  id: string,
  made: JsonObject,
  authored: ReadonlyMap<string, JsonObject>,
): string | undefined {
  const before = authored.get(id);
  const type = shown(made['Type']);
  if (before === undefined || memberOf(SUCCESSORS, type) === before['Type']) return undefined;
  return (
    `Transforming resource with id [${owner}] attempts to create a new resource with id [${id}] and type "${type}". ` +
    'A resource with that id already exists within this template. Please use a different id for that resource.'
  );
}
