import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import { expect, test } from 'vitest';
import { createAws } from '../../../src/aws/clients.js';
import type { Region } from '../../../src/model/identifiers.js';

test('an endpoint that never answers is given up, and not waited for', async () => {
  let asked = 0;
  const server = createServer(() => void (asked += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const aws = createAws({
    partition: 'aws',
    homeRegion: 'us-east-1' as Region,
    roles: { plan: 'plan', apply: 'apply', cloudformation: null, externalId: null },
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' },
    requestTimeout: 50,
  });
  try {
    await expect(aws.organizations().send(new ListAccountsCommand({}))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(asked).toBeGreaterThan(1);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});
