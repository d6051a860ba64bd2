import type { VirtualClock } from '../../kernel/contract.js';

/** A message as it was published; `attributes` by name, a binary one in base64. */
export type PublishedMessage = {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | null;
  readonly message: string;
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  /** Who published it. */
  readonly principal: string;
  readonly at: Date;
};

export type Topic = { readonly arn: string; readonly attributes: Readonly<Record<string, string>> };

const KEPT_MESSAGES = 10_000;

/** Topics that were created, and what was published to any. Nobody subscribes: stories read what was published. */
export class Topics {
  readonly #topics = new Map<string, Topic>();
  #messages: PublishedMessage[] = [];

  constructor(
    private readonly partition: string,
    private readonly clock: VirtualClock,
  ) {}

  arn(accountId: string, region: string, name: string): string {
    return `arn:${this.partition}:sns:${region}:${accountId}:${name}`;
  }

  find(arn: string): Topic | undefined {
    return this.#topics.get(arn);
  }

  create(topic: Topic): void {
    this.#topics.set(topic.arn, topic);
  }

  delete(arn: string): void {
    this.#topics.delete(arn);
  }

  publish(message: Omit<PublishedMessage, 'at'>): void {
    this.#messages.push({ ...message, at: this.clock.now() });
    // Dropping half at a time keeps the cost of a message constant.
    if (this.#messages.length > 2 * KEPT_MESSAGES) this.#messages = this.#messages.slice(-KEPT_MESSAGES);
  }

  published(): readonly PublishedMessage[] {
    return this.#messages.slice(-KEPT_MESSAGES);
  }
}
