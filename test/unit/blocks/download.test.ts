import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atEndpoint, createDownload } from '../../../src/blocks/fetch/download.js';

let server: Server;
let endpoint: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/bucket/moved') response.writeHead(302, { location: '/bucket/key' }).end();
    else if (request.url === '/bucket/huge') for (let n = 0; n < 52; n += 1) response.write(Buffer.alloc(1024 * 1024));
    else response.writeHead(request.url?.startsWith('/bucket/key') ? 200 : 404).end(request.url);
    if (request.url === '/bucket/huge') response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe('a download', () => {
  const { signal } = new AbortController();
  it('asks the endpoint that stands in for S3', async () => {
    const bytes = await createDownload({ endpoint, signal }).fetch('https://bucket.s3.us-east-1.amazonaws.com/key?a=b');
    expect(Buffer.from(bytes).toString()).toBe('/bucket/key?a=b');
  });
  it.each(['missing', 'moved', 'huge'])('does not take what is %s', async (key) => {
    await expect(
      createDownload({ endpoint, signal }).fetch(`https://bucket.s3.amazonaws.com/${key}`),
    ).rejects.toThrow();
  });
  it('trusts other hosts than those of S3 only where an endpoint was named', () => {
    expect([createDownload({ endpoint: null, signal }).hosts, createDownload({ endpoint, signal }).hosts]).toEqual([
      's3',
      'any',
    ]);
  });
});

it.each([
  ['https://a.b.s3.us-east-1.amazonaws.com/folder/key', 'http://x/a.b/folder/key'],
  ['https://s3.us-east-1.amazonaws.com/bucket/key?v=1', 'http://x/bucket/key?v=1'],
  ['https://s3.amazonaws.com/bucket/key', 'http://x/bucket/key'],
  ['https://bucket.s3.cn-north-1.amazonaws.com.cn/key', 'http://x/bucket/key'],
  ['http://127.0.0.1:4566/bucket/key', 'http://127.0.0.1:4566/bucket/key'],
])('%s is %s at an endpoint', (url, expected) => expect(atEndpoint(url, 'http://x/')).toBe(expected));
