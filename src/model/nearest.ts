import { closest, distance } from 'fastest-levenshtein';

/** The name that was probably meant: at most a third of the letters apart; null where all of them are something else. */
export function nearest(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const found = closest(name, known);
  return distance(name.toLowerCase(), found.toLowerCase()) <= Math.max(2, Math.floor(name.length / 3)) ? found : null;
}
