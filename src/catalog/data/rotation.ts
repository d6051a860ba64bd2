import type { Partition } from '../../model/identifiers.js';
import type { CatalogEntry } from '../entry.js';

type Versions = Readonly<Partial<Record<Partition, string>>>;
type Database = {
  /** As it stands in the application's name. */
  readonly engine: string;
  readonly title: string;
  readonly words: readonly string[];
  readonly single: Versions;
  readonly multi: Versions;
};

const versions = (aws: string, china: string, govCloud: string): Versions => ({
  aws,
  'aws-cn': china,
  'aws-us-gov': govCloud,
});

/** The newest versions that the AWS CDK names for each partition. */
const DATABASES: readonly Database[] = [
  {
    engine: 'RDSMySQL',
    title: 'Amazon RDS for MySQL',
    words: ['aurora', 'mysql'],
    single: versions('1.1.671', '1.1.440', '1.1.397'),
    multi: versions('1.1.671', '1.1.440', '1.1.397'),
  },
  {
    engine: 'RDSMariaDB',
    title: 'Amazon RDS for MariaDB',
    words: ['mariadb'],
    single: versions('1.1.670', '1.1.442', '1.1.399'),
    multi: versions('1.1.670', '1.1.441', '1.1.398'),
  },
  {
    engine: 'RDSPostgreSQL',
    title: 'Amazon RDS for PostgreSQL',
    words: ['aurora', 'postgres', 'postgresql'],
    single: versions('1.1.671', '1.1.440', '1.1.397'),
    multi: versions('1.1.671', '1.1.440', '1.1.397'),
  },
  {
    engine: 'RDSOracle',
    title: 'Amazon RDS for Oracle',
    words: ['oracle'],
    single: versions('1.1.671', '1.1.441', '1.1.398'),
    multi: versions('1.1.671', '1.1.441', '1.1.398'),
  },
  {
    engine: 'RDSSQLServer',
    title: 'Amazon RDS for SQL Server',
    words: ['mssql', 'sql server'],
    single: versions('1.1.670', '1.1.441', '1.1.398'),
    multi: versions('1.1.671', '1.1.441', '1.1.398'),
  },
  {
    engine: 'RDSDb2',
    title: 'Amazon RDS for Db2',
    words: ['db2'],
    single: versions('1.1.271', '1.1.242', '1.1.199'),
    multi: versions('1.1.272', '1.1.240', '1.1.197'),
  },
  {
    engine: 'Redshift',
    title: 'Amazon Redshift',
    words: ['warehouse'],
    single: versions('1.1.671', '1.1.441', '1.1.398'),
    multi: versions('1.1.671', '1.1.440', '1.1.397'),
  },
  {
    engine: 'MongoDB',
    title: 'MongoDB',
    words: ['documentdb', 'mongodb'],
    single: versions('1.1.671', '1.1.440', '1.1.397'),
    multi: versions('1.1.671', '1.1.441', '1.1.398'),
  },
];

const PUBLISHERS = {
  aws: 'arn:aws:serverlessrepo:us-east-1:297356227824:applications/',
  'aws-cn': 'arn:aws-cn:serverlessrepo:cn-north-1:193023089310:applications/',
  'aws-us-gov': 'arn:aws-us-gov:serverlessrepo:us-gov-west-1:023102451235:applications/',
} as const;

/** Every application of the family that rotates a database's password for AWS Secrets Manager. */
export const ROTATION: readonly CatalogEntry[] = DATABASES.flatMap((database) => [
  rotation(database, 'SingleUser'),
  rotation(database, 'MultiUser'),
]);

function rotation(database: Database, users: 'SingleUser' | 'MultiUser'): CatalogEntry {
  const id = `SecretsManager${database.engine}Rotation${users}`;
  const single = users === 'SingleUser';
  return {
    id,
    kind: 'ServerlessApplication',
    name: `Secrets Manager rotation for ${database.title}, ${single ? 'single user' : 'multi user'}`,
    manifestName: `${database.engine.replace(/^RDS/, '').toLowerCase()}-rotation${single ? '' : '-multi-user'}`,
    summary: single
      ? `Rotates the password of one ${database.title} user, which that user may change.`
      : `Rotates between two ${database.title} users, whose passwords a third may change.`,
    formerNames: [],
    words: ['credential', 'database', 'password', 'rotate', 'secret', ...database.words],
    publisher: 'AWS Secrets Manager',
    licence: 'MIT-0',
    sourceCodeUrl: 'https://github.com/aws-samples/aws-secrets-manager-rotation-lambdas',
    controls: ['AC-2', 'IA-5', 'IA-5(1)'],
    state: { type: 'current' },
    source: {
      type: 'serverless-application',
      application: {
        aws: `${PUBLISHERS.aws}${id}`,
        'aws-cn': `${PUBLISHERS['aws-cn']}${id}`,
        'aws-us-gov': `${PUBLISHERS['aws-us-gov']}${id}`,
      },
      versions: single ? database.single : database.multi,
    },
    regions: 'all',
    notes: [
      'Versions differ between partitions.',
      'endpoint needs the DNS suffix of the partition: https://secretsmanager.${region}.${dnsSuffix}.',
      'It has no parameter for a permissions boundary: transform.permissionsBoundary writes one into its role.',
      'CloudFormation offers the same as HostedRotationLambda of AWS::SecretsManager::RotationSchedule.',
    ],
  };
}
