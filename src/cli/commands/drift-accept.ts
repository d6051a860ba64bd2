import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '../../model/address.js';
import type { Address } from '../../model/address.js';
import { hasPassed } from '../../model/moment.js';
import { describeAccept } from '../../reconciler/describe-accept.js';
import { EXIT } from '../../reconciler/outcome.js';
import type { ExitCode } from '../../reconciler/outcome.js';
import { UsageError } from '../context.js';
import type { Context } from '../context.js';
import { folderOf, located } from '../located.js';
import { withSession } from '../opening.js';
import { ledgerChoice, workingSource } from '../options.js';
import type { LedgerOptions, PrintOptions, SourceOptions } from '../options.js';
import { print } from '../printer.js';
import { quoted } from '../shell-word.js';

export type DriftAcceptOptions = PrintOptions &
  SourceOptions &
  LedgerOptions & {
    readonly address: string;
    readonly resource?: string;
    readonly property?: string;
    readonly reason: string;
    readonly expires?: string;
  };

/** Writes into a manifest that something may differ; it counts from when that is merged. */
export async function run(options: DriftAcceptOptions, context: Context): Promise<ExitCode> {
  refuseWrongUse(options, context);
  const source = workingSource(options, context);
  return withSession({ ...options, source }, context, async (session) => {
    const outcome = await session.accept({
      address: options.address as Address,
      resource: options.resource ?? null,
      property: options.property ?? null,
      reason: options.reason.trim(),
      expires: options.expires ?? null,
      check: options.ledger !== undefined,
    });
    const folder = folderOf(source, context);
    const here = { ...outcome, diagnostics: located(outcome.diagnostics, folder) };
    const shown = here.type === 'accepted' ? { ...here, file: join(folder, here.file) } : here;
    print(describeAccept(shown, { quoted, options: sameAgain(options) }), options, context);
    return outcome.type === 'accepted' ? EXIT.done : outcome.type === 'choose' ? EXIT.usage : EXIT.failed;
  });
}

function refuseWrongUse(options: DriftAcceptOptions, context: Context): void {
  const { address, reason, expires, revision } = options;
  if (parseAddress(address) === null)
    throw new UsageError(
      `"${address}" is not an address: write Kind/name or Kind/name@account/region, such as Stack/guardrails@111122223333/us-east-1`,
    );
  if (revision !== undefined)
    throw new UsageError(
      'accept writes into the desired-state folder, and a revision cannot be written: leave --revision out',
    );
  if (reason.trim() === '')
    throw new UsageError('--reason is empty: say why this may differ, for those who review the pull request');
  if (expires !== undefined && !isMoment(expires))
    throw new UsageError(
      `"${expires}" is not a time: write a date such as 2027-01-31, or a time such as 2027-01-31T18:00:00Z`,
    );
  if (expires !== undefined && hasPassed(expires, context.clock.now()))
    throw new UsageError(`${expires} has passed: write a later date, or leave --expires out`);
  const choice = ledgerChoice(options, context);
  if (choice.type === 'folder' && !existsSync(choice.path))
    throw new UsageError(
      `there is no ledger in ${choice.path}: name the folder that --ledger gave when it was written`,
    );
}

function isMoment(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text) && !Number.isNaN(Date.parse(text))
  );
}

/** What was typed beside what is to be chosen, to be typed again. */
function sameAgain({ reason, expires, path, ledger, installation }: DriftAcceptOptions): string {
  return Object.entries({ reason, expires, path, ledger, installation })
    .flatMap(([name, value]) => (value === undefined ? [] : [` --${name} ${quoted(value)}`]))
    .join('');
}
