type Endings = Readonly<Record<string, string>>;

const arnAndName = (noun: string): Endings => ({ Arn: `${noun}Arn`, Name: `${noun}Name` });

/**
 * What is put out of a member of a construct, by the type of the resource behind it: the ending of the output's name → the property of the
 * CDK's object that has the value. A member of another type is not put out.
 */
export const OUTPUT_ENDINGS: Readonly<Record<string, Endings>> = {
  'AWS::ApiGateway::RestApi': { Id: 'restApiId', Url: 'url' },
  'AWS::CloudFront::Distribution': {
    Arn: 'distributionArn',
    DomainName: 'distributionDomainName',
    Id: 'distributionId',
  },
  'AWS::CloudFront::Function': arnAndName('function'),
  'AWS::DynamoDB::Table': arnAndName('table'),
  'AWS::Events::EventBus': arnAndName('eventBus'),
  'AWS::Events::Rule': arnAndName('rule'),
  'AWS::IAM::Role': arnAndName('role'),
  'AWS::KMS::Key': { Arn: 'keyArn', Id: 'keyId' },
  'AWS::KinesisFirehose::DeliveryStream': { Arn: 'attrArn', Name: 'ref' },
  'AWS::Lambda::Function': arnAndName('function'),
  'AWS::Logs::LogGroup': arnAndName('logGroup'),
  'AWS::S3::Bucket': arnAndName('bucket'),
  'AWS::SNS::Topic': arnAndName('topic'),
  'AWS::SQS::Queue': { ...arnAndName('queue'), Url: 'queueUrl' },
  'AWS::SecretsManager::Secret': { Arn: 'secretArn' },
  'AWS::StepFunctions::StateMachine': arnAndName('stateMachine'),
};
