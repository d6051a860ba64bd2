import { Octokit, type RestEndpointMethodTypes } from '@octokit/rest';
import type { Channel, Notice } from '../model/notice.js';
import type { Undelivered } from '../reconciler/ports.js';
import { connectionError, final, passing, presentable, retryAfterOf, withoutSecret } from './failure.js';
import { addressMistake } from './https.js';
import type { Outlet } from './outlet.js';
import { issueBody, issueTitle, markerOf } from './text.js';

type Repository = Extract<Channel, { type: 'github' }>;
type Told = { readonly type: 'delivered'; readonly reference: string | null };

/** What all issues of ours have, and are looked for by. */
export const LABEL = 'evenkeel';
const LOOKED_THROUGH = 100;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Opens one issue for the notice. From the second attempt on it looks first among the newest issues with our label, open and closed:
 * the answer of an earlier attempt may have been lost, and GitHub's search does not know yet what was just written.
 */
export async function deliverToGithub(
  notice: Notice,
  channel: Repository,
  attempt: number,
  outlet: Outlet,
): Promise<Told | Undelivered> {
  const token = outlet.env[channel.tokenEnv] ?? '';
  if (token === '') return withoutSecret(channel.tokenEnv);
  const mistake = channel.apiUrl === null ? null : addressMistake(channel.apiUrl);
  if (mistake !== null) return final(mistake);
  const [owner, repo, ...rest] = channel.repository.split('/');
  if (!owner || !repo || rest.length > 0) return final('the repository is not named as owner/name');
  const octokit = octokitFor(channel, token, outlet.signal);
  try {
    const standing = attempt > 1 ? await found(octokit, { owner, repo }, notice.id) : null;
    if (standing !== null) return { type: 'delivered', reference: standing };
    const { status, data } = await octokit.rest.issues.create({
      owner,
      repo,
      title: issueTitle(notice.title),
      body: issueBody(notice),
      labels: [...new Set([LABEL, ...channel.labels])],
    });
    return (status as number) === 201 ? { type: 'delivered', reference: data.html_url } : moved(status);
  } catch (error) {
    return failureOf(error, token, outlet);
  }
}

type Place = { readonly owner: string; readonly repo: string };
type Issues = RestEndpointMethodTypes['issues']['listForRepo']['response']['data'];

async function found(octokit: Octokit, place: Place, id: string): Promise<string | null> {
  const { status, data } = await octokit.rest.issues.listForRepo({
    ...place,
    labels: LABEL,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: LOOKED_THROUGH,
  });
  if ((status as number) !== 200) throw new Moved(status);
  const marker = markerOf(id);
  const issues: Issues = Array.isArray(data) ? data : [];
  return issues.find(({ body }) => body?.includes(marker) === true)?.html_url ?? null;
}

/** A redirect was answered: the token goes to the repository that a reviewer has read, and nowhere else. */
class Moved extends Error {
  constructor(readonly status: number) {
    super('moved');
  }
}

function moved(status: number): Undelivered {
  return final(`it answered ${String(status)}, and redirects are not followed: has the repository another name now?`);
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function octokitFor({ apiUrl }: Repository, token: string, signal: AbortSignal): Octokit {
  return new Octokit({
    auth: token,
    userAgent: 'evenkeel',
    log: SILENT,
    ...(apiUrl === null ? {} : { baseUrl: apiUrl.replace(/\/+$/, '') }),
    request: { signal, redirect: 'manual', fetch: boundedFetch },
  });
}

async function boundedFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  const { body, status, statusText, headers } = await fetch(...request);
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES) controller.error(new Error('the answer is too long'));
      else controller.enqueue(chunk);
    },
  });
  return new Response(body?.pipeThrough(counted) ?? null, { status, statusText, headers });
}

/** A token and its permissions can be put right, so that they are tried again; a request that GitHub does not understand cannot. */
const FINAL: ReadonlySet<number> = new Set([400, 410, 413, 422]);

function failureOf(error: unknown, token: string, { clock, signal }: Outlet): Undelivered {
  if (error instanceof Moved) return moved(error.status);
  const { status, message, response } = partsOf(error);
  if (response === undefined || status === undefined) return passing('unreachable', connectionError(error, signal));
  const text = `it answered ${String(status)}: ${presentable(message, [token])}`;
  return FINAL.has(status) ? final(text) : passing('refused', text, patienceOf(response.headers, clock.now()));
}

type Headers = Readonly<Record<string, string | number | undefined>>;

function partsOf(error: unknown): { status?: number; message: string; response?: { readonly headers: Headers } } {
  return error instanceof Error ? error : { message: String(error) };
}

/** GitHub says when its limit is lifted in one header or in the other. */
function patienceOf(headers: Headers, now: Date): number | null {
  const asked = retryAfterOf(headers['retry-after'] === undefined ? null : String(headers['retry-after']), now);
  if (asked !== null || String(headers['x-ratelimit-remaining']) !== '0') return asked;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  return Number.isFinite(reset) ? retryAfterOf(new Date(reset).toISOString(), now) : null;
}
