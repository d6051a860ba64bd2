import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Channel, Notice } from '../../../src/model/notice.js';
import { issueBody, issueTitle, markerOf } from '../../../src/notices/text.js';
import { github } from './github-server.js';
import type { Github, Mischief } from './github-server.js';
import { HOSTILE, messenger, notice } from './receiver.js';

const TOKEN = 'ghp_0123456789abcdef';
const never = new AbortController().signal;
let open: Github[] = [];

afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
});

async function standing(mischief?: (count: number) => Mischief): Promise<Github> {
  const one = await github(TOKEN, mischief);
  open.push(one);
  return one;
}

const channel = (apiUrl: string, over = {}): Channel => ({
  type: 'github',
  repository: 'acme/ops',
  labels: ['drift', 'security'],
  tokenEnv: 'GH_TOKEN',
  apiUrl,
  on: ['drift'],
  ...over,
});
const env = { GH_TOKEN: TOKEN };
const deliver = (there: Channel, attempt = 1, one: Notice = notice()) =>
  messenger({ env }).deliver({ notice: one, channel: there, attempt }, never);

describe('a GitHub issue', () => {
  it('is opened for a notice, with the labels and a marker that nobody sees', async () => {
    const there = await standing();
    expect(await deliver(channel(`${there.url}/`))).toEqual({
      type: 'delivered',
      reference: 'https://github.com/acme/ops/issues/1',
    });
    expect(there.issues).toHaveLength(1);
    expect(there.issues[0]).toMatchObject({ title: notice().title, labels: ['evenkeel', 'drift', 'security'] });
    await expect(there.issues[0]!.body).toMatchFileSnapshot('golden/issue.md.txt');
    expect(there.received).toHaveLength(1);
    expect(there.mistakes).toEqual([]);
  });

  it('whose answer was lost is found again, and not opened twice', async () => {
    const there = await standing((count) => (count === 1 ? 'answer-lost' : null));
    expect(await deliver(channel(there.url))).toMatchObject({ cause: 'unreachable', isFinal: false });
    expect(await deliver(channel(there.url), 2)).toEqual({
      type: 'delivered',
      reference: 'https://github.com/acme/ops/issues/1',
    });
    expect(there.issues).toHaveLength(1);
    expect(there.mistakes).toEqual([]);
  });

  it('that never came to be is opened at the second attempt, beside the issues of other notices', async () => {
    const there = await standing((count) => (count === 2 ? { status: 502 } : null));
    await deliver(channel(there.url), 1, notice({ id: 'b'.repeat(64) }));
    expect(await deliver(channel(there.url))).toMatchObject({ cause: 'refused', error: 'it answered 502: no' });
    expect(await deliver(channel(there.url), 2)).toMatchObject({ type: 'delivered' });
    expect(there.issues).toHaveLength(2);
    expect(there.mistakes).toEqual([]);
  });

  it.each<[Mischief, object]>([
    [
      { status: 401, message: `Bad credentials ${TOKEN}` },
      { isFinal: false, error: 'it answered 401: Bad credentials (redacted)' },
    ],
    [{ status: 404 }, { isFinal: false }],
    [{ status: 410, message: 'Issues are disabled for this repo' }, { isFinal: true }],
    [{ status: 422 }, { isFinal: true }],
    [
      { status: 429, headers: { 'retry-after': '60' } },
      { isFinal: false, retryAfter: 60_000 },
    ],
    [
      {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.parse('2026-11-22T16:30:00Z') / 1000),
        },
      },
      { isFinal: false, retryAfter: 1_800_000 },
    ],
    [{ status: 503 }, { isFinal: false, retryAfter: null }],
  ])('that GitHub answers with %j is tried again or given up as that deserves', async (mischief, wanted) => {
    const there = await standing(() => mischief);
    expect(await deliver(channel(there.url))).toMatchObject({ type: 'failed', cause: 'refused', ...wanted });
  });

  it('goes to the repository that the Controller names, and to no other: redirects are not followed, nor is the token', async () => {
    const elsewhere = await standing();
    const there = await standing(() => ({
      status: 307,
      headers: { location: `${elsewhere.url}/repos/acme/ops/issues` },
    }));
    for (const attempt of [1, 2])
      expect(await deliver(channel(there.url), attempt)).toMatchObject({
        isFinal: true,
        error: 'it answered 307, and redirects are not followed: has the repository another name now?',
      });
    expect(elsewhere.received).toEqual([]);
  });

  it('waits for its token, and needs a repository that has a name', async () => {
    const there = await standing();
    expect(
      await messenger().deliver({ notice: notice(), channel: channel(there.url), attempt: 1 }, never),
    ).toMatchObject({
      cause: 'no-secret',
      error: 'the environment variable GH_TOKEN is not set',
      isFinal: false,
    });
    expect(await deliver(channel(there.url, { repository: 'acme' }))).toMatchObject({ isFinal: true });
    expect(await deliver(channel('http://ghe.example.com/api/v3'))).toMatchObject({
      isFinal: true,
      error: 'its URL is not https',
    });
    expect(there.received).toEqual([]);
  });
});

describe('what somebody else wrote, in an issue', () => {
  it('stands in one fence from beginning to end, and is one line each', async () => {
    const there = await standing();
    const hostile = notice({ title: HOSTILE, lines: [HOSTILE, `\`\`\`\`\`\`\n${markerOf('c'.repeat(64))}`] });
    await deliver(channel(there.url), 1, hostile);
    await expect(`${there.issues[0]!.title}\n----\n${there.issues[0]!.body}`).toMatchFileSnapshot(
      'golden/hostile.md.txt',
    );
    expect(there.mistakes).toEqual([]);
  });

  it('never ends the fence, and never adds a line, whatever it is', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[`~\n\r <>@#!-]*$/));
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 5 }), (title, lines) => {
        const body = issueBody(notice({ title, lines })).split('\n');
        const fence = /^(`{3,})text$/.exec(body[0]!)![1]!;
        const inside = body.slice(1, body.lastIndexOf(fence));
        expect(inside).toHaveLength(lines.length + 2);
        expect(inside.filter((line) => line.includes(fence))).toEqual([]);
        expect(body.slice(-3)).toEqual(['', markerOf(notice().id), '']);
        expect(issueTitle(title)).not.toMatch(/[`\n\r]/);
        expect(issueTitle(title).length).toBeLessThanOrEqual(256);
      }),
    );
  });

  it('is cut before it is longer than GitHub takes', () => {
    const body = issueBody(notice({ lines: Array.from({ length: 5_000 }, () => 'x'.repeat(400)) }));
    expect(body.length).toBeLessThan(65_536);
    expect(body.trimEnd().endsWith(markerOf(notice().id))).toBe(true);
  });
});
