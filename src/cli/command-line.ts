import type { Plan } from '../model/plan.js';
import type { LedgerOptions, SourceOptions } from './options.js';
import { quoted } from './shell-word.js';

/** What to type to apply a stored plan from the same desired state and with the same ledger; a commit is named, because a branch moves on. */
export function applyLine(file: string, plan: Plan, options: SourceOptions & LedgerOptions): string {
  const { path, repository, folder, installation, ledger } = options;
  const source =
    path === undefined
      ? [
          '--revision',
          plan.revision,
          ...unless('.', '--repository', repository),
          ...unless('desired-state', '--folder', folder),
        ]
      : ['--path', path, '--allow-path'];
  const rest = [...given('--installation', installation), ...given('--ledger', ledger)];
  return ['evenkeel', 'apply', file, ...source, ...rest].map(quoted).join(' ');
}

const given = (option: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [option, value];

const unless = (usual: string, option: string, value: string): readonly string[] =>
  value === usual ? [] : [option, value];
