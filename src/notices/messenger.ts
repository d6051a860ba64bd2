import type { Aws } from '../aws/contract.js';
import { unreachable } from '../model/unreachable.js';
import type { Clock, Messenger } from '../reconciler/ports.js';
import { passing } from './failure.js';
import { deliverToGithub } from './github-issue.js';
import { addressMistake, post } from './https.js';
import type { Outlet } from './outlet.js';
import { deliverToTopic } from './sns.js';
import { deliverToWebhook } from './webhook.js';

const PATIENCE = 10_000;

export type MessengerOptions = {
  readonly aws: Aws;
  /** Where the secrets are that channels name. */
  readonly env: Outlet['env'];
  readonly clock: Clock;
  /** Milliseconds for one delivery; ten seconds where nothing is said. */
  readonly patience?: number;
};

/** SNS, webhooks and GitHub issues. No answer takes longer than ten seconds, and no secret stands in any error. */
export function createMessenger({ aws, env, clock, patience = PATIENCE }: MessengerOptions): Messenger {
  const within = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  return {
    async deliver({ notice, channel, attempt }, signal) {
      const outlet: Outlet = { env, clock, signal: within(signal) };
      try {
        switch (channel.type) {
          case 'sns':
            return await deliverToTopic(notice, channel, aws, outlet.signal);
          case 'webhook':
            return await deliverToWebhook(notice, channel, outlet);
          case 'github':
            return await deliverToGithub(notice, channel, attempt, outlet);
          default:
            return unreachable(channel);
        }
      } catch (error) {
        // Only its name: a text that nobody foresaw may hold anything.
        return passing('unreachable', error instanceof Error ? error.name : 'it failed');
      }
    },
    async beat(url, pass, signal) {
      const mistake = addressMistake(url);
      if (mistake !== null) return { type: 'failed', error: mistake };
      const answer = await post(url, JSON.stringify({ schemaVersion: 1, ...pass }), {}, within(signal));
      if (answer.type === 'silent') return { type: 'failed', error: answer.error };
      const { status } = answer;
      return status >= 200 && status < 300
        ? { type: 'delivered' }
        : { type: 'failed', error: `it answered ${String(status)}` };
    },
  };
}
