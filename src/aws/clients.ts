import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { S3Client } from '@aws-sdk/client-s3';
import { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import { SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { STSClientConfig } from '@aws-sdk/client-sts';
import type { Controller } from '../model/desired.js';
import type { AccountId, Partition, Region } from '../model/identifiers.js';
import type { Clock } from '../reconciler/ports.js';
import type { Aws, Identity } from './contract.js';
import { createSessions } from './sessions.js';
import type { SessionCredentials } from './sessions.js';
import { createTokenBuckets, ORGANIZATIONS_RATES } from './token-bucket.js';

/** One request that was sent, an SDK's own retries included. */
export type CountedCall = {
  readonly service: string;
  readonly operation: string;
  readonly region: string;
  readonly identity: string;
};

export type AwsOptions = {
  readonly partition: Partition;
  readonly homeRegion: Region;
  readonly roles: Controller['roles'];
  readonly clock: Clock;
  /** A Smithy HttpHandler instead of the network. */
  readonly requestHandler?: unknown;
  /** Instead of AWS's own endpoints; `AWS_ENDPOINT_URL` does the same. */
  readonly endpoint?: string;
  /** The controller's own credentials; without them, the SDK's usual chain. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Milliseconds that an answer may take; a minute where nothing is said. */
  readonly requestTimeout?: number;
  readonly onCall?: (call: CountedCall) => void;
};

const CONNECT_TIMEOUT = 5_000;
const REQUEST_TIMEOUT = 60_000;
/** Across all clients, since they share their agents. */
const MOST_SOCKETS = 128;
const ATTEMPTS = 5;

/** Without `info`, the SDK does not copy every answer for a log that nobody keeps: a fifteenth of all that a reconcile computes. */
const WARNINGS_ONLY = {
  warn: (...content: unknown[]) => console.warn(...content),
  error: () => {},
  debug: () => {},
  trace: () => {},
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- each client's constructor has its own type, and the clients are of two generations of the SDK
type AnyClient = { readonly middlewareStack: { add(middleware: any, options: any): void } };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
type ClientConstructor<Client> = new (settings: any) => Client;

/** The clients of one installation. Nothing is asked of AWS before the first call. */
export function createAws(options: AwsOptions): Aws {
  const clients = new Map<string, AnyClient>();
  const requestHandler = options.requestHandler ?? {
    connectionTimeout: CONNECT_TIMEOUT,
    requestTimeout: options.requestTimeout ?? REQUEST_TIMEOUT,
    // Without it the SDK warns, and waits on.
    throwOnRequestTimeout: true,
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
    httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
  };
  const buckets = createTokenBuckets(ORGANIZATIONS_RATES, options.clock);

  const settings = (region: string, credentials: unknown, retryMode: 'standard' | 'adaptive') => ({
    region,
    requestHandler,
    retryMode,
    maxAttempts: ATTEMPTS,
    logger: WARNINGS_ONLY,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });

  function shared<Client extends AnyClient>(
    service: string,
    Constructor: ClientConstructor<Client>,
    identity: Identity,
    region: string,
    more: object = {},
  ): Client {
    const key = `${service}|${nameOf(identity)}|${region}`;
    const existing = clients.get(key);
    if (existing !== undefined) return existing as Client;
    const adaptive = service === 'cloudformation' || service === 'organizations';
    const client = new Constructor({
      ...settings(region, credentialsOf(identity), adaptive ? 'adaptive' : 'standard'),
      ...more,
    });
    counted(client, service, region, nameOf(identity));
    if (identity.type === 'role') renewed(client, identity);
    clients.set(key, client);
    return client;
  }

  /** A session may end before its time: revoked, or by another clock. AWS refuses before any effect, so the call is made once more. */
  function renewed(client: AnyClient, { account, role }: Extract<Identity, { type: 'role' }>): void {
    client.middlewareStack.add(
      (next: Next) => async (args: unknown) => {
        const session = sessions.held(account, role);
        try {
          return await next(args);
        } catch (error) {
          if (!isExpired(error)) throw error;
          sessions.forget(account, role, session);
          return next(args);
        }
      },
      { step: 'initialize', name: 'evenkeelRenewedSession' },
    );
  }

  function counted<Client extends AnyClient>(
    client: Client,
    service: string,
    region: string,
    identity: string,
  ): Client {
    const { onCall } = options;
    if (onCall !== undefined) {
      // The step that is run for every attempt.
      client.middlewareStack.add(
        (next: Next, context: Context) => (args: unknown) => {
          onCall({ service, operation: operationOf(context), region, identity });
          return next(args);
        },
        { step: 'deserialize', name: 'evenkeelCountedCall', priority: 'low' },
      );
    }
    return client;
  }

  function credentialsOf(identity: Identity): unknown {
    if (identity.type === 'controller') return options.credentials;
    // The SDK would judge the expiry by the machine's clock and cache accordingly; told that they are about to end, it always asks us.
    return async () => ({ ...(await sessions.credentials(identity.account, identity.role)), expiration: new Date(0) });
  }

  const controller: Identity = { type: 'controller' };
  const sts = () => shared('sts', STSClient, controller, options.homeRegion);
  const sessions = createSessions({
    partition: options.partition,
    roles: options.roles,
    clock: options.clock,
    sts: sts(),
    stsAs: (credentials: SessionCredentials) =>
      counted(
        new STSClient(settings(options.homeRegion, credentials, 'standard') as STSClientConfig),
        'sts',
        options.homeRegion,
        'session',
      ),
  });
  let account: Promise<AccountId> | null = null;

  return {
    partition: options.partition,
    homeRegion: options.homeRegion,
    controllerAccount() {
      account ??= sts()
        .send(new GetCallerIdentityCommand({}))
        .then((identity) => identity.Account as AccountId)
        .catch((error: unknown) => {
          account = null;
          throw error;
        });
      return account;
    },
    cloudFormation: (identity, region) => shared('cloudformation', CloudFormationClient, identity, region),
    cloudTrail: (identity, region) => shared('cloudtrail', CloudTrailClient, identity, region),
    organizations() {
      const known = clients.has(`organizations|${nameOf(controller)}|${options.homeRegion}`);
      const client = shared('organizations', OrganizationsClient, controller, options.homeRegion);
      if (!known) {
        client.middlewareStack.add(
          (next, context) => async (args) => {
            await buckets.take(operationOf(context), NEVER);
            return next(args);
          },
          { step: 'initialize', name: 'evenkeelPublishedRate' },
        );
      }
      return client;
    },
    serverlessRepository: (region) =>
      shared('serverlessrepo', ServerlessApplicationRepositoryClient, controller, region),
    // A bucket's name cannot become part of a host name where the endpoint is not AWS's own.
    s3: (region) => shared('s3', S3Client, controller, region, hasOwnEndpoint(options) ? { forcePathStyle: true } : {}),
    sns: (region) => shared('sns', SNSClient, controller, region),
    dynamoDb: () => shared('dynamodb', DynamoDBClient, controller, options.homeRegion),
    attribute: (session) => sessions.attribute(session),
  };
}

type Next = (args: unknown) => Promise<unknown>;
type Context = { readonly commandName?: string };

const isExpired = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'ExpiredToken' || error.name === 'ExpiredTokenException');

const NEVER = new AbortController().signal;

function operationOf(context: Context): string {
  return (context.commandName ?? 'Unknown').replace(/Command$/, '');
}

function nameOf(identity: Identity): string {
  return identity.type === 'controller' ? 'controller' : `${identity.account}/${identity.role}`;
}

function hasOwnEndpoint(options: AwsOptions): boolean {
  return (
    options.endpoint !== undefined ||
    (process.env['AWS_ENDPOINT_URL'] ?? process.env['AWS_ENDPOINT_URL_S3'] ?? '') !== ''
  );
}
