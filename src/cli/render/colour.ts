import { Ansis } from 'ansis';
import type { Tone } from '../../model/document.js';
import type { Run } from './line-width.js';

/** Whether to colour: `--no-color` and NO_COLOR forbid it, then FORCE_COLOR demands it, then only a terminal gets it. */
export function wantsColour(where: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  readonly forbidden: boolean;
}): boolean {
  const { env, isTerminal, forbidden } = where;
  if (forbidden || (env['NO_COLOR'] ?? '') !== '') return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env['TERM'] !== 'dumb';
}

/** Turns runs into a string for the terminal; without colour, into their bare text. */
export function createPainter(colour: boolean): (runs: readonly Run[]) => string {
  const ansis = new Ansis(colour ? 1 : 0);
  const paint: Readonly<Record<Tone, (text: string) => string>> = {
    plain: (text) => text,
    muted: (text) => ansis.dim(text),
    good: (text) => ansis.green(text),
    warn: (text) => ansis.yellow(text),
    bad: (text) => ansis.red.bold(text),
    add: (text) => ansis.green(text),
    change: (text) => ansis.yellow(text),
    remove: (text) => ansis.red(text),
    strong: (text) => ansis.bold(text),
  };
  return (runs) => runs.map(({ text, tone }) => paint[tone](text)).join('');
}
