import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAws } from '../../../src/aws/clients.js';
import type { Aws } from '../../../src/aws/contract.js';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import { createArtifactStore } from '../../../src/blocks/artifact-store.js';
import { createDownload } from '../../../src/blocks/fetch/download.js';
import { lockBlocks } from '../../../src/blocks/lock/lock.js';
import type { LockOptions, LockResult } from '../../../src/blocks/lock/lock.js';
import type { DesiredFiles } from '../../../src/model/files.js';
import type { Clock } from '../../../src/reconciler/ports.js';
import type { Simulator } from '../../../src/simulator/kernel/contract.js';
import { createSimulator } from '../../../src/simulator/simulator.js';
import { application, codes, files } from './material.js';
import { CONTROLLER, HOME } from './repository.js';

const ARN = 'arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor';
const JANITOR = application('lambda-janitor', '1.7.0', ARN);
const { signal } = new AbortController();

let simulator: Simulator;
let clock: Clock;
let aws: Aws;
beforeEach(() => {
  simulator = createSimulator({
    organization: { managementAccount: { id: CONTROLLER, name: 'management' }, units: [], accounts: [] },
  });
  clock = {
    now: () => simulator.world.clock.now(),
    sleep: (milliseconds) => Promise.resolve(simulator.world.clock.advance(milliseconds / 1000)),
  };
  aws = createAws({
    partition: 'aws',
    homeRegion: HOME,
    roles: { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null },
    clock,
    requestHandler: simulator.requestHandler,
    credentials: simulator.credentials(CONTROLLER),
  });
});
afterEach(() => simulator.close());

function lock(
  present: DesiredFiles,
  over: Partial<LockOptions> = {},
  download?: Pick<LockOptions, 'fetch' | 'hosts'>,
): Promise<LockResult> {
  const inProcess = {
    hosts: 's3',
    fetch: (url: string) => Promise.resolve(simulator.world.objects.fetch(url)!),
  } as const;
  return lockBlocks({
    desired: [JANITOR],
    files: present,
    aws,
    clock,
    ...(download ?? inProcess),
    mode: 'changed',
    signal,
    progress: () => {},
    ...over,
  });
}

describe('an application that the simulator serves', () => {
  it('is locked, resolved and published, and locked again to the same bytes', async () => {
    const first = await lock(files({}));
    expect(first.diagnostics).toEqual([]);
    const locked = files(Object.fromEntries(first.write));
    const again = await lock(locked, { mode: 'all' });
    expect([again.lockText, [...again.write], again.remove]).toEqual([first.lockText, [], []]);
    expect((await lock(locked, { mode: 'check' })).diagnostics).toEqual([]);

    const source = createArtifactSource({
      partition: 'aws',
      artifactBucket: 'artifacts-${account.id}-${region}',
      controllerAccount: CONTROLLER,
    });
    const { value, diagnostics } = source.resolve(JANITOR, locked);
    expect(diagnostics).toEqual([]);
    expect([value!.transforms, value!.requiredCapabilities]).toEqual([
      [],
      ['CAPABILITY_IAM', 'CAPABILITY_RESOURCE_POLICY'],
    ]);
    expect(Object.values(value!.resourceTypes)).toEqual(
      expect.arrayContaining([
        'AWS::Lambda::Function',
        'AWS::IAM::Role',
        'AWS::Events::Rule',
        'AWS::Lambda::Permission',
      ]),
    );
    expect(value!.objects).toHaveLength(1);

    await aws.s3(HOME).send(new CreateBucketCommand({ Bucket: 'artifacts-111122223333-us-east-1' }));
    const store = createArtifactStore({ aws, bucketPattern: 'artifacts-${account.id}-${region}' });
    const { templateUrl } = await store.publish(value!, HOME, signal);
    expect(Buffer.from(simulator.world.objects.fetch(templateUrl)!).toString()).toBe(value!.template);
  });

  it('is fetched over the loopback where an endpoint stands in for AWS', async () => {
    const listener = await simulator.listen(0);
    const result = await lock(files({}), {}, createDownload({ endpoint: listener.url, signal }));
    await listener.close();
    expect([result.diagnostics, result.write.size]).toEqual([[], 3]);
  });

  it('of a version or a name that it does not have says so', async () => {
    const result = await lock(files({}), {
      desired: [application('a', '9.9.9', ARN), application('b', '1.7.0', `${ARN}-of-nobody`)],
    });
    expect(codes(result.diagnostics)).toEqual(['EK4021', 'EK4022']);
    expect(result.diagnostics[0]?.message).toContain('1.7.0, 1.5.0');
  });
});
