import type { Snapshot } from './snapshot.js';

/**
 * The file, piece by piece: JSON in which each account, template, stack and instance has a line of its own, so that two snapshots can be
 * compared line by line. No piece is longer than one place's stacks.
 */
export function* snapshotText(snapshot: Snapshot): Iterable<string> {
  const { units, accounts, buckets, templates, places, stackSets, ...head } = snapshot;
  yield '{\n';
  for (const [name, value] of Object.entries(head)) yield `${JSON.stringify(name)}: ${JSON.stringify(value)},\n`;
  yield* list('units', units.map(line));
  yield ',\n';
  yield* list('accounts', accounts.map(line));
  yield ',\n';
  yield* list('buckets', buckets.map(line));
  yield ',\n';
  yield '"templates": {';
  yield* separated(Object.entries(templates).map(([digest, text]) => `\n  ${line(digest)}: ${line(text)}`));
  yield '\n},\n';
  yield* list(
    'places',
    places.map((place) => ('stacks' in place ? withLines(place, 'stacks', place.stacks) : line(place))),
  );
  yield ',\n';
  yield* list(
    'stackSets',
    stackSets.map((shelf) => ('stackSets' in shelf ? withLines(shelf, 'stackSets', shelf.stackSets) : line(shelf))),
  );
  yield '\n}\n';
}

const line = (value: unknown): string => JSON.stringify(value);

function* list(name: string, lines: readonly string[]): Iterable<string> {
  yield `${line(name)}: [`;
  yield* separated(lines.map((each) => `\n  ${each}`));
  yield '\n]';
}

function* separated(items: readonly string[]): Iterable<string> {
  for (const [at, item] of items.entries()) yield at === 0 ? item : `,${item}`;
}

/** An object whose one list has a line for each item. */
function withLines(value: object, member: string, items: readonly unknown[]): string {
  const rest = Object.entries(value).filter(([name]) => name !== member);
  const start = rest.map(([name, each]) => `${line(name)}: ${line(each)}, `).join('');
  return `{ ${start}${line(member)}: [${items.map((item) => `\n    ${line(item)}`).join(',')}] }`;
}
