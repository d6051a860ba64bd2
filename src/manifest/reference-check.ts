import type { Diagnostic, Place } from '../model/diagnostic.js';
import type { ManifestDocument } from './documents.js';
import { parseOutputReference } from '../model/output-reference.js';
import { error } from './issues.js';
import { entriesOf, itemsOf, valueAt } from './raw.js';
import type { Path } from './raw.js';
import { differsByTarget, nearestReference, partsOf } from './references.js';
import type { Kind } from './schema/kinds.js';

/** References that nobody can resolve, each at its place: the organization need not be known for that. */
export function badReferences(document: ManifestDocument, kind: Kind): readonly Diagnostic[] {
  if (kind === 'Controller') return inBucketName(document);
  const overrides = itemsOf(valueAt(document.value, ['spec', 'overrides']));
  const maps: readonly Path[] = [
    ['spec', 'parameters'],
    ...overrides.map((_, index): Path => ['spec', 'overrides', index, 'parameters']),
    ['spec', 'tags'],
  ];
  const strings = maps.flatMap((path) => stringsAt(document, path));
  return [
    ...strings.flatMap(({ path, text }) => inValue(document, path, text)),
    ...stringsAt(document, ['spec', 'tags']).flatMap(({ path, text }) => outputsInTag(document, path, text)),
    ...(isStackSet(document, kind) ? inSharedTags(document) : []),
  ];
}

function stringsAt(document: ManifestDocument, path: Path): readonly { readonly path: Path; readonly text: string }[] {
  return entriesOf(valueAt(document.value, path)).flatMap(([key, text]) =>
    typeof text === 'string' ? [{ path: [...path, key], text }] : [],
  );
}

function inValue(document: ManifestDocument, path: Path, text: string): readonly Diagnostic[] {
  const placeOf = (written: string): Place => within(document.places.at(...path), written);
  return partsOf(text).flatMap((part) => {
    if (part.type === 'output')
      return parseOutputReference(part.written) === null ? [badOutput(part.written, placeOf(part.written))] : [];
    return part.type === 'unknown' ? [unknownReference(part.written, placeOf(part.written))] : [];
  });
}

function badOutput(written: string, place: Place): Diagnostic {
  return error(
    'EK2203',
    `${written} is not a reference to an output`,
    'write ${outputs.Kind/name.Key}, with @account/region or @* after the name where it is not at the same target',
    place,
  );
}

/** Tags are compared at every look, and may not wait for anything. */
function outputsInTag(document: ManifestDocument, path: Path, text: string): readonly Diagnostic[] {
  const place = document.places.at(...path);
  return partsOf(text)
    .filter((part) => part.type === 'output')
    .map((part) =>
      error(
        'EK2204',
        `${part.written} is an output, and a tag cannot be made of one`,
        'write a constant, or a fact such as ${account.id}',
        within(place, part.written),
      ),
    );
}

function isStackSet(document: ManifestDocument, kind: Kind): boolean {
  return kind === 'StackSet' || valueAt(document.value, ['spec', 'via']) === 'stack-set';
}

function unknownReference(written: string, place: Place): Diagnostic {
  const literal = `$${written}`;
  const remedy = `did you mean ${nearestReference(written)}? Write ${literal} where the text itself is meant`;
  return error('EK2201', `${written} is not a reference`, remedy, place);
}

/** A stack set has one set of tags for all of its instances. */
function inSharedTags(document: ManifestDocument): readonly Diagnostic[] {
  return stringsAt(document, ['spec', 'tags']).flatMap(({ path, text }) => {
    const place = document.places.at(...path);
    return partsOf(text).flatMap((part) =>
      part.type === 'reference' && differsByTarget([part])
        ? [
            error(
              'EK2202',
              `${part.written} differs from target to target, and a stack set has the same tags everywhere`,
              'write a constant, or use a Stack',
              within(place, part.written),
            ),
          ]
        : [],
    );
  });
}

/** The bucket is the controller's own: nothing but its account and the Region can stand in its name. */
function inBucketName(document: ManifestDocument): readonly Diagnostic[] {
  const path: Path = ['spec', 'artifactBucket'];
  const text = valueAt(document.value, path);
  if (typeof text !== 'string') return [];
  const place = document.places.at(...path);
  return partsOf(text).flatMap((part) => {
    if (part.type === 'text' || part.written === '${account.id}' || part.written === '${region}') return [];
    const message = `${part.written} cannot stand in a bucket's name`;
    return [error('EK2201', message, 'use ${account.id} and ${region} only', within(place, part.written))];
  });
}

/** The stretch of a place that a text takes; all of it where the text is not on that line as written. */
function within(place: Place, text: string): Place {
  const index = place.source.indexOf(text, place.column - 1);
  return index < 0 ? place : { ...place, column: index + 1, length: text.length };
}
