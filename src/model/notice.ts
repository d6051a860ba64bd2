import type { Address } from './address.js';

/** What is worth telling somebody who does not look. */
export const NOTICE_KINDS = ['drift', 'contested', 'stalled', 'overdue'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Where notices go. Secrets are never written in Git: `…Env` names an environment variable. */
export type Channel =
  | { readonly type: 'sns'; readonly topicArn: string; readonly on: readonly NoticeKind[] }
  | {
      readonly type: 'webhook';
      readonly url: string;
      /** Signs the body with HMAC-SHA-256; null leaves it unsigned. */
      readonly secretEnv: string | null;
      readonly on: readonly NoticeKind[];
    }
  | {
      readonly type: 'github';
      /** `owner/name`. */
      readonly repository: string;
      readonly labels: readonly string[];
      readonly tokenEnv: string;
      /** Another than github.com's. */
      readonly apiUrl: string | null;
      readonly on: readonly NoticeKind[];
    };

/** One thing that is told once, through each channel that wants its kind. */
export type Notice = {
  /** Digest of what it is about, so that the same finding gives the same notice in every run. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly address: Address | null;
  /** One sentence, redacted. */
  readonly title: string;
  /** Lines of plain text, redacted. */
  readonly lines: readonly string[];
  readonly at: string;
};

/** How far the telling has come, by channel. */
export type Delivery =
  | { readonly type: 'waiting'; readonly attempts: number; readonly notBefore: string; readonly error: string | null }
  | {
      readonly type: 'delivered';
      readonly at: string;
      /** Such as the URL. */ readonly reference: string | null;
    }
  /** Nobody tries any more: it was refused as often as anything is tried. */
  | { readonly type: 'given-up'; readonly at: string; readonly error: string };

/** A notice in the ledger. */
export type Outgoing = {
  readonly notice: Notice;
  /** By `channelKey`. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
  readonly version: number;
};

/** Names a channel in the ledger; holds no secret. */
export function channelKey(channel: Channel): string {
  switch (channel.type) {
    case 'sns':
      return `sns:${channel.topicArn}`;
    case 'webhook':
      return `webhook:${channel.url}`;
    case 'github':
      return `github:${channel.repository}`;
  }
}
