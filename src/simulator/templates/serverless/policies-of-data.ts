import { grant, template, type PolicyTemplate } from './policy-template.js';

const TABLE = ['table/{tableName}', 'table/{tableName}/index/*'];
const READ_ITEMS = 'GetItem Scan Query BatchGetItem DescribeTable';
const WRITE_ITEMS = 'PutItem UpdateItem BatchWriteItem';
const BUCKET = ['::{bucketName}', '::{bucketName}/*'];
const READ_OBJECTS = 'GetObject ListBucket GetBucketLocation GetObjectVersion';
const LIFECYCLE = 'GetLifecycleConfiguration PutLifecycleConfiguration';

/** Policy templates for tables, buckets, streams, files and search. */
export const DATA_POLICIES: Readonly<Record<string, PolicyTemplate>> = {
  AthenaQueryPolicy: template(
    'WorkGroupName',
    grant(
      'athena',
      'ListWorkGroups GetExecutionEngine GetExecutionEngines GetNamespace GetCatalogs GetNamespaces GetTables GetTable',
    ),
    grant(
      'athena',
      'StartQueryExecution GetQueryResults DeleteNamedQuery GetNamedQuery ListQueryExecutions StopQueryExecution GetQueryResultsStream ListNamedQueries CreateNamedQuery GetQueryExecution BatchGetNamedQuery BatchGetQueryExecution GetWorkGroup',
      'workgroup/{workgroupName}',
    ),
  ),
  DynamoDBBackupFullAccessPolicy: template(
    'TableName',
    grant('dynamodb', 'CreateBackup DescribeContinuousBackups', 'table/{tableName}'),
    grant('dynamodb', 'DeleteBackup DescribeBackup ListBackups', 'table/{tableName}/backup/*'),
  ),
  DynamoDBCrudPolicy: template(
    'TableName',
    grant(
      'dynamodb',
      'GetItem DeleteItem PutItem Scan Query UpdateItem BatchWriteItem BatchGetItem DescribeTable ConditionCheckItem',
      ...TABLE,
    ),
  ),
  DynamoDBReadPolicy: template('TableName', grant('dynamodb', READ_ITEMS, ...TABLE)),
  DynamoDBReconfigurePolicy: template('TableName', grant('dynamodb', 'UpdateTable', 'table/{tableName}')),
  DynamoDBRestoreFromBackupPolicy: template(
    'TableName',
    grant('dynamodb', 'RestoreTableFromBackup', 'table/{tableName}/backup/*'),
    grant('dynamodb', 'PutItem UpdateItem DeleteItem GetItem Query Scan BatchWriteItem', 'table/{tableName}'),
  ),
  DynamoDBStreamReadPolicy: template(
    'TableName StreamName',
    grant('dynamodb', 'DescribeStream GetRecords GetShardIterator', 'table/{tableName}/stream/{streamName}'),
    grant('dynamodb', 'ListStreams', 'table/{tableName}/stream/*'),
  ),
  DynamoDBWritePolicy: template('TableName', grant('dynamodb', WRITE_ITEMS, ...TABLE)),
  EFSWriteAccessPolicy: template('FileSystem AccessPoint', {
    ...grant('elasticfilesystem', 'ClientMount ClientWrite', 'file-system/{FileSystem}'),
    condition: {
      operator: 'StringEquals',
      key: 'elasticfilesystem:AccessPointArn',
      value: 'arn:${AWS::Partition}:elasticfilesystem:${AWS::Region}:${AWS::AccountId}:access-point/{AccessPoint}',
    },
  }),
  ElasticsearchHttpPostPolicy: template('DomainName', grant('es', 'ESHttpPost ESHttpPut', 'domain/{domainName}/*')),
  FirehoseCrudPolicy: template(
    'DeliveryStreamName',
    grant(
      'firehose',
      'CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream PutRecord PutRecordBatch UpdateDestination',
      'deliverystream/{deliveryStreamName}',
    ),
  ),
  FirehoseWritePolicy: template(
    'DeliveryStreamName',
    grant('firehose', 'PutRecord PutRecordBatch', 'deliverystream/{deliveryStreamName}'),
  ),
  KinesisCrudPolicy: template(
    'StreamName',
    grant(
      'kinesis',
      'AddTagsToStream CreateStream DecreaseStreamRetentionPeriod DeleteStream DescribeStream DescribeStreamSummary GetShardIterator IncreaseStreamRetentionPeriod ListTagsForStream MergeShards PutRecord PutRecords SplitShard RemoveTagsFromStream',
      'stream/{streamName}',
    ),
  ),
  KinesisStreamReadPolicy: template(
    'StreamName',
    grant('kinesis', 'ListStreams DescribeLimits', 'stream/*'),
    grant('kinesis', 'DescribeStream DescribeStreamSummary GetRecords GetShardIterator', 'stream/{streamName}'),
  ),
  S3CrudPolicy: template(
    'BucketName',
    grant('s3', `${READ_OBJECTS} PutObject PutObjectAcl ${LIFECYCLE} DeleteObject`, ...BUCKET),
  ),
  S3FullAccessPolicy: template(
    'BucketName',
    grant(
      's3',
      'GetObject GetObjectAcl GetObjectVersion PutObject PutObjectAcl DeleteObject DeleteObjectTagging DeleteObjectVersionTagging GetObjectTagging GetObjectVersionTagging PutObjectTagging PutObjectVersionTagging',
      ['::{bucketName}/*'],
    ),
    grant('s3', `ListBucket GetBucketLocation ${LIFECYCLE}`, ['::{bucketName}']),
  ),
  S3ReadPolicy: template('BucketName', grant('s3', `${READ_OBJECTS} GetLifecycleConfiguration`, ...BUCKET)),
  S3WritePolicy: template('BucketName', grant('s3', 'PutObject PutObjectAcl PutLifecycleConfiguration', ...BUCKET)),
};
