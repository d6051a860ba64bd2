import { resolve } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { LedgerChoice, Source } from '../installation/session.js';
import { ACCOUNT_ID } from '../model/identifiers.js';
import type { AccountId } from '../model/identifiers.js';
import type { Scope } from '../model/plan.js';
import type { Context } from './context.js';

export const OUTPUTS = ['table', 'json', 'markdown'] as const;
export type OutputFormat = (typeof OUTPUTS)[number];

/** What commander makes of the options that most commands share; an option that was not given and has no default is absent. */
export type PrintOptions = { readonly output: OutputFormat; readonly color: boolean };
export type SourceOptions = {
  readonly path?: string;
  readonly revision?: string;
  readonly repository: string;
  readonly folder: string;
  readonly installation?: string;
};
export type LedgerOptions = { readonly ledger?: string };
export type ScopeOptions = { readonly account?: AccountId };
export type ApprovalOptions = { readonly yes: boolean; readonly allowPath: boolean };

export function printOptions(command: Command): Command {
  return command
    .addOption(new Option('-o, --output <format>', 'how to print').choices(OUTPUTS).default('table'))
    .option('--no-color', 'print without colours, as NO_COLOR does');
}

export function sourceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--path <dir>', 'read the desired state from this folder as it lies there').conflicts('revision'),
    )
    .option('--revision <ref>', 'read the desired state from this commit, tag or branch')
    .option('--repository <dir>', 'the Git repository that the revision is in', '.')
    .option('--folder <dir>', 'the desired-state folder inside the repository', 'desired-state')
    .option('--installation <name>', 'the Controller to act as, where there are several');
}

export function ledgerOption(command: Command): Command {
  return command.option('--ledger <dir>', "keep the ledger in this folder instead of the Controller's table");
}

export function scopeOption(command: Command): Command {
  return command.addOption(new Option('--account <id>', 'look at this account only').argParser(accountId));
}

export function approvalOptions(command: Command): Command {
  return command
    .option('--yes', 'apply without asking', false)
    .option('--allow-path', 'allow applying what --path reads, which nobody can look up in Git later', false);
}

function accountId(text: string): AccountId {
  if (!ACCOUNT_ID.test(text)) throw new InvalidArgumentError('An account id has twelve digits.');
  return text as AccountId;
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${String(least)}.`);
    }
    return value;
  };
}

/** A number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above zero.');
  return value;
}

/** The revision that was asked for, HEAD where none was; `--path` reads the folder as it lies there. */
export function revisionSource(options: SourceOptions, context: Context): Source {
  const { path, revision, repository, folder } = options;
  if (path !== undefined) return { type: 'folder', path: resolve(context.cwd, path) };
  return { type: 'git', repository: resolve(context.cwd, repository), ref: revision ?? 'HEAD', folder };
}

/** For those who are still writing: the folder as it lies there, unless a revision was asked for. */
export function workingSource(options: SourceOptions, context: Context): Source {
  if (options.revision !== undefined) return revisionSource(options, context);
  return {
    type: 'folder',
    path:
      options.path === undefined
        ? resolve(context.cwd, options.repository, options.folder)
        : resolve(context.cwd, options.path),
  };
}

export function ledgerChoice(options: LedgerOptions, context: Context): LedgerChoice {
  return options.ledger === undefined
    ? { type: 'table' }
    : { type: 'folder', path: resolve(context.cwd, options.ledger) };
}

export function scopeOf(options: ScopeOptions): Scope {
  return options.account === undefined ? { type: 'all' } : { type: 'account', account: options.account };
}
