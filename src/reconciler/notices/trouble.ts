import type { Controller } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Channel, Delivery, Notice } from '../../model/notice.js';
import { grouped } from '../../model/grouped.js';
import { channelKey } from '../../model/notice.js';
import { unreachable } from '../../model/unreachable.js';
import { byText, counted, shortTime } from '../describe-wording.js';
import type { Undelivered } from '../ports.js';
import { bounded } from './wording.js';

/** What went wrong while notices were told, gathered: one warning for each channel and each way to fail. */
export type Trouble = {
  undelivered(channel: Channel, failure: Undelivered, next: Delivery): void;
  unrecorded(notice: Notice): void;
  /** A notice in the ledger that somebody edited. */
  edited(id: string, why: string): void;
  ledger(error: unknown): void;
  outOfTime(): void;
  warnings(): readonly Diagnostic[];
};

type Failed = { readonly channel: Channel; readonly failure: Undelivered; readonly next: Delivery };

/** A channel for a reader. An URL is named by its host alone: the rest may be what lets somebody post there. */
export function channelWords(channel: Channel): string {
  switch (channel.type) {
    case 'sns':
      return channel.topicArn;
    case 'webhook':
      return `the webhook at ${URL.canParse(channel.url) ? new URL(channel.url).host : 'an unreadable URL'}`;
    case 'github':
      return `the issues of ${channel.repository}`;
    default:
      return unreachable(channel);
  }
}

export function createTrouble(controller: Pick<Controller, 'notify' | 'at'>): Trouble {
  const failures: Failed[] = [];
  const unrecorded: Notice[] = [];
  const edited: string[] = [];
  const errors: unknown[] = [];
  let late = false;
  return {
    undelivered: (channel, failure, next) => void failures.push({ channel, failure, next }),
    unrecorded: (notice) => void unrecorded.push(notice),
    edited: (id, why) => void edited.push(`${id.slice(0, 12)}: ${why}`),
    ledger: (error) => void errors.push(error),
    outOfTime: () => {
      late = true;
    },
    warnings: () => [
      ...[...grouped(failures, groupOf)]
        .sort(([one], [other]) => byText(one, other))
        .map(([, group]) => channelWarning(group, controller)),
      ...ledgerWarnings(errors, unrecorded),
      ...editedWarnings(edited),
      ...(late ? [LATE] : []),
    ],
  };
}

const LATE: Diagnostic = {
  code: 'EK6045',
  severity: 'warning',
  message: 'there was no time to deliver all notices that wait',
  remedy: 'nothing is lost: the next pass goes on with the oldest',
};

function groupOf({ channel, failure, next }: Failed): string {
  return [channelKey(channel), failure.cause === 'no-secret' ? 'no-secret' : next.type].join(' ');
}

function channelWarning(group: readonly Failed[], controller: Pick<Controller, 'notify' | 'at'>): Diagnostic {
  const { channel, failure, next } = group.at(-1)!;
  const index = controller.notify.findIndex((each) => channelKey(each) === channelKey(channel));
  const what = `${counted(group.length, 'notice')} could not be delivered to ${channelWords(channel)}`;
  const base = {
    severity: 'warning',
    place: controller.at('spec', 'notify', index),
    message: bounded(`${what}: ${failure.error}`),
  } as const;
  if (next.type === 'given-up')
    return {
      ...base,
      code: 'EK6041',
      remedy: 'put the channel right: these are not tried again, and evenkeel drift still shows what they told',
    };
  const times = group.flatMap((each) => (each.next.type === 'waiting' ? [each.next.notBefore] : [])).sort(byText);
  const again = `they are kept, and tried again after ${shortTime(times[0] ?? '')}`;
  return failure.cause === 'no-secret'
    ? { ...base, code: 'EK6042', remedy: `set the variable where the controller runs; ${again}` }
    : { ...base, code: 'EK6040', remedy: `see whether the receiver is well and takes what is sent; ${again}` };
}

function ledgerWarnings(errors: readonly unknown[], unrecorded: readonly Notice[]): readonly Diagnostic[] {
  const base = { code: 'EK6043', severity: 'warning' } as const;
  const first = errors[0];
  const text = first instanceof Error ? first.message : String(first);
  return [
    ...(errors.length === 0
      ? []
      : [
          {
            ...base,
            message: bounded(`notices could not be kept in the ledger, or read from it: ${text}`),
            remedy: 'see why the ledger refuses: what was not kept is told by the next pass that finds it',
          },
        ]),
    ...(unrecorded.length === 0
      ? []
      : [
          {
            ...base,
            message: `${counted(unrecorded.length, 'notice')} may be told twice: how the delivery ended could not be recorded`,
            remedy: 'nothing has to be done: receivers know a repetition by its id',
          },
        ]),
  ];
}

function editedWarnings([first, ...others]: readonly string[]): readonly Diagnostic[] {
  if (first === undefined) return [];
  return [
    {
      code: 'EK6043',
      severity: 'warning',
      message: bounded(`${counted(1 + others.length, 'notice')} in the ledger cannot be told: ${first}`),
      remedy: 'restore the item from a backup, or delete it: evenkeel ledger verify names it',
    },
  ];
}
