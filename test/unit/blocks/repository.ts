import { Readable } from 'node:stream';
import { ServerlessApplicationRepositoryClient } from '@aws-sdk/client-serverlessapplicationrepository';
import { createAws } from '../../../src/aws/clients.js';
import type { Aws } from '../../../src/aws/contract.js';
import type { AccountId, Region } from '../../../src/model/identifiers.js';
import type { Clock } from '../../../src/reconciler/ports.js';
import type { Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';

export const CONTROLLER = '111122223333' as AccountId;
export const HOME = 'us-east-1' as Region;

export type Version = {
  readonly template: (code: { readonly S3Bucket: string; readonly S3Key: string }) => object;
  readonly code: string;
  readonly capabilities: readonly string[];
  readonly author?: string;
};
type Request = {
  readonly hostname: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** The repository's side of the wire, told by each test what it has; everything else, S3 among it, is the simulator's. */
export type Repository = {
  readonly simulator: Simulator;
  readonly aws: Aws;
  /** The same without the SDK's retries, which wait by the machine's clock. */
  readonly hasty: Aws;
  readonly clock: Clock;
  readonly fetch: (url: string) => Promise<Uint8Array>;
  readonly versions: Map<string, Version>;
  /** `GetApplication`, `CreateCloudFormationTemplate`, …, in order. */
  readonly asked: string[];
  /** What the next templates come to before they are asked for again; ACTIVE where nothing is said. */
  readonly statuses: string[];
  refusal: { readonly status: number; readonly code: string } | null;
  /** How many milliseconds of the clock have been slept. */
  readonly slept: () => number;
};

/** One application with versions. Every call serves another bucket, as AWS does. */
export function createRepository(application: string): Repository {
  const simulator = createSimulator({
    organization: { managementAccount: { id: CONTROLLER, name: 'management' }, units: [], accounts: [] },
  });
  const versions = new Map<string, Version>();
  const asked: string[] = [];
  const statuses: string[] = [];
  let served = 0;
  let now = Date.UTC(2026, 0, 1);
  const start = now;
  const clock: Clock = {
    now: () => new Date(now),
    sleep: (milliseconds) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };

  function template(version: string): object {
    const status = statuses.shift() ?? 'ACTIVE';
    const found = versions.get(version)!;
    served += 1;
    const bucket = `awsserverlessrepo-changesets-${served}`;
    simulator.world.objects.put(bucket, `code-${served}`, Buffer.from(found.code), HOME);
    simulator.world.objects.put(
      bucket,
      'template.json',
      Buffer.from(JSON.stringify(found.template({ S3Bucket: bucket, S3Key: `code-${served}` }))),
      HOME,
    );
    return {
      applicationId: application,
      semanticVersion: version,
      templateId: `${version}-${served}`,
      status,
      templateUrl: `https://${bucket}.s3.us-east-1.amazonaws.com/template.json?X-Amz-Signature=${served}`,
    };
  }

  function answer(request: Request): readonly [number, object, string?] {
    const [, , id, sub, templateId] = request.path.split('/').map(decodeURIComponent);
    const operation =
      sub === undefined
        ? 'GetApplication'
        : sub === 'versions'
          ? 'ListApplicationVersions'
          : templateId === undefined
            ? 'CreateCloudFormationTemplate'
            : 'GetCloudFormationTemplate';
    asked.push(operation);
    if (repository.refusal !== null)
      return [repository.refusal.status, { message: 'refused' }, repository.refusal.code];
    const notFound = [404, { message: 'not here' }, 'NotFoundException'] as const;
    if (id !== application) return notFound;
    if (operation === 'ListApplicationVersions')
      return [
        200,
        {
          versions: [...versions.keys()].map((semanticVersion) => ({
            applicationId: id,
            semanticVersion,
            creationTime: '',
          })),
        },
      ];
    const version =
      request.query?.['semanticVersion'] ??
      (request.body
        ? (JSON.parse(request.body) as { semanticVersion: string }).semanticVersion
        : templateId?.split('-')[0]);
    const found = versions.get(version ?? '');
    if (found === undefined) return notFound;
    if (operation !== 'GetApplication') return [201, template(version!)];
    return [
      200,
      {
        applicationId: id,
        author: found.author ?? 'Lumigo',
        isVerifiedAuthor: true,
        spdxLicenseId: 'MIT',
        version: {
          applicationId: id,
          semanticVersion: version,
          requiredCapabilities: found.capabilities,
          parameterDefinitions: [],
          resourcesSupported: true,
          sourceCodeUrl: 'https://example.com/code',
        },
      },
    ];
  }

  const requestHandler = {
    async handle(request: Request, options: unknown) {
      if (!request.hostname.startsWith('serverlessrepo.')) return simulator.requestHandler.handle(request, options);
      const [statusCode, body, error] = answer(request);
      const headers = {
        'content-type': 'application/json',
        ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
      };
      return { response: { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(body))]) } };
    },
  };
  const credentials = simulator.credentials(CONTROLLER);
  const aws = createAws({
    partition: 'aws',
    homeRegion: HOME,
    roles: { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null },
    clock,
    requestHandler,
    credentials,
  });
  const repository: Repository = {
    simulator,
    aws,
    hasty: {
      ...aws,
      serverlessRepository: (region) =>
        new ServerlessApplicationRepositoryClient({
          region,
          credentials,
          requestHandler: requestHandler as never,
          maxAttempts: 1,
        }),
    },
    clock,
    fetch: (url) => {
      const bytes = simulator.world.objects.fetch(url.split('?')[0]!);
      return bytes === undefined ? Promise.reject(new Error('404 Not Found')) : Promise.resolve(bytes);
    },
    versions,
    asked,
    statuses,
    refusal: null,
    slept: () => now - start,
  };
  return repository;
}
