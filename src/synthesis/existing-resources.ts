import type { ExistingName, FormName } from '../blocks/construct/construct-forms.js';
import type { Workshop } from './props.js';

/** Where the CDK makes an object of an ARN. */
const FACTORIES: Readonly<
  Record<Exclude<ExistingName, '$Function'>, readonly [module: string, type: string, factory: string]>
> = {
  $LayerVersion: ['aws-lambda', 'LayerVersion', 'fromLayerVersionArn'],
  $Bucket: ['aws-s3', 'Bucket', 'fromBucketArn'],
  $Role: ['aws-iam', 'Role', 'fromRoleArn'],
  $Topic: ['aws-sns', 'Topic', 'fromTopicArn'],
  $Queue: ['aws-sqs', 'Queue', 'fromQueueArn'],
  $Key: ['aws-kms', 'Key', 'fromKeyArn'],
  $StateMachine: ['aws-stepfunctions', 'StateMachine', 'fromStateMachineArn'],
  $EventBus: ['aws-events', 'EventBus', 'fromEventBusArn'],
  $Table: ['aws-dynamodb', 'Table', 'fromTableArn'],
  $LogGroup: ['aws-logs', 'LogGroup', 'fromLogGroupArn'],
  $Secret: ['aws-secretsmanager', 'Secret', 'fromSecretCompleteArn'],
  $Certificate: ['aws-certificatemanager', 'Certificate', 'fromCertificateArn'],
};

export function isExisting(name: FormName): name is ExistingName {
  return name === '$Function' || Object.hasOwn(FACTORIES, name);
}

type Factory = (scope: unknown, id: string, arn: string) => unknown;

/** Something that stands already, by its ARN. */
export function existingResource(name: ExistingName, arn: string, { cdk, stack }: Workshop, id: string): unknown {
  if (name === '$Function') {
    const { Function } = cdk.load('aws-cdk-lib/aws-lambda');
    // The function is where the stack is: without that the CDK would leave out the permission to call it.
    return Function.fromFunctionAttributes(stack, id, { functionArn: arn, sameEnvironment: true });
  }
  const [module, type, factory] = FACTORIES[name];
  const holder = cdk.loadAny(`aws-cdk-lib/${module}`)?.[type] as Readonly<Record<string, Factory>>;
  return holder[factory]!(stack, id, arn);
}
