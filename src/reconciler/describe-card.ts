import type { Card, CardParameter, CardResources, TemplateFacts } from '../model/card.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Block, Document, Line, Span } from '../model/document.js';
import { capabilityItems, grantItems } from './describe-card-permissions.js';
import { diagnosticBlocks } from './describe-diagnostics.js';
import { abbreviated, counted } from './describe-wording.js';

/** What services are in scope of FedRAMP according to whom, and since when nobody has looked. */
export type FedrampList = { readonly asOf: string; readonly address: string };

const MOST_VERSIONS = 5;
const MOST_VALUES = 8;
const MOST_PARTS = 6;
const MOST_ITEMS = 40;

const FROM: Readonly<Record<Card['from'], string>> = {
  locked: 'the manifest and its locked files; nobody was asked',
  repository: 'the manifest and its template; nobody was asked',
  served: 'what its publisher serves now',
  catalogue: 'the catalogue alone: its template was not read',
};

/** What a reviewer looks at before choosing a building block; the data holds everything, the blocks what fits. */
export function describeCard(card: Card | null, diagnostics: readonly Diagnostic[], fedramp: FedrampList): Document {
  const data = { schemaVersion: 1, card, fedramp, diagnostics } as const;
  if (card === null) return { blocks: diagnosticBlocks(diagnostics), data };
  const { template } = card;
  return {
    blocks: [
      { type: 'heading', text: card.version === null ? card.name : `${card.name} ${card.version}` },
      ...warnings(card),
      ...(card.summary === '' ? [] : [{ type: 'paragraph', line: card.summary } as const]),
      { type: 'list', items: facts(card) },
      ...(template === null ? [] : templateBlocks(card, template, fedramp)),
      ...section('Good to know', [...card.notes, ...(template?.notes ?? [])]),
      ...section('Readme, first lines', card.readme),
      ...diagnosticBlocks(diagnostics),
    ],
    data,
  };
}

function warnings({ retired, renamedFrom, source }: Card): readonly Block[] {
  const lines: readonly string[] = [
    ...(retired === null ? [] : [`Retired: ${retired.reason}. Instead: ${retired.instead}.`]),
    ...(renamedFrom === null ? [] : [`${renamedFrom} is called ${source} now.`]),
  ];
  return lines.map((text) => ({ type: 'paragraph', line: [{ text, tone: 'warn' }] }));
}

function facts(card: Card): readonly Line[] {
  const rows: readonly (readonly [string, Line | null])[] = [
    ['kind', card.kind],
    ['source', card.source],
    ['part', card.part === null ? null : partLine(card)],
    ['publisher', publisherLine(card)],
    ['licence', card.licence ?? 'not stated'],
    ['source code', card.sourceCodeUrl ?? 'not stated'],
    ['versions', card.versions.length === 0 ? null : abbreviated(card.versions, MOST_VERSIONS)],
    ['partitions', card.partitions.length === 0 ? null : card.partitions.join(', ')],
    ['Regions', card.regions === 'all' ? 'all that have its services' : card.regions.join(', ')],
    ['controls', card.controls.length === 0 ? null : card.controls.join(', ')],
    ['facts from', FROM[card.from]],
  ];
  return rows.flatMap(([label, value]) =>
    value === null ? [] : [[{ text: `${label}: `, tone: 'muted' }, ...(typeof value === 'string' ? [value] : value)]],
  );
}

function partLine({ part, parts }: Card): string {
  const others = parts.filter((name) => name !== part);
  return others.length === 0 ? (part ?? '') : `${part ?? ''}; others are ${abbreviated(others, MOST_PARTS)}`;
}

function publisherLine({ publisher, verified }: Card): Line {
  const mark: Readonly<Record<string, Span>> = {
    true: { text: ' (verified by AWS)', tone: 'good' },
    false: { text: ' (not verified by AWS)', tone: 'warn' },
  };
  const verdict = mark[String(verified)];
  return [publisher ?? 'not stated', ...(verdict === undefined ? [] : [verdict])];
}

function templateBlocks(card: Card, template: TemplateFacts, fedramp: FedrampList): readonly Block[] {
  const { capabilities, parameters, grants, managedPolicies, resources, nested } = template;
  const wide = grants.filter(({ wide: parts, effect }) => parts.length > 0 && effect === 'Allow').length;
  const statements = grants.length + managedPolicies.length;
  return [
    ...section('To acknowledge', capabilityItems(capabilities, card.acknowledged)),
    ...(parameters.length === 0
      ? []
      : [{ type: 'heading', text: `Parameters: ${String(parameters.length)}` } as const, parameterTable(parameters)]),
    ...(statements === 0
      ? []
      : section(
          `Permissions: ${counted(statements, 'grant')}, ${String(wide)} with a wildcard`,
          bounded(grantItems(grants, managedPolicies)),
        )),
    { type: 'heading', text: `Resources: ${String(resources.reduce((sum, { count }) => sum + count, 0))}` },
    resourceTable(resources),
    {
      type: 'paragraph',
      line: [
        {
          text: `FedRAMP as known on ${fedramp.asOf}; "unknown" means that nothing is known here. AWS's own list decides: ${fedramp.address}`,
          tone: 'muted',
        },
      ],
    },
    ...section(
      `Nested: ${String(nested.length)}`,
      bounded(nested.map(({ logicalId, of }): Line => [{ text: logicalId, tone: 'strong' }, `: ${of}`])),
    ),
  ];
}

function parameterTable(parameters: readonly CardParameter[]): Block {
  const rows = parameters.map((parameter): readonly Line[] => [
    [{ text: parameter.name, tone: 'strong' }],
    parameter.type,
    valueOf(parameter),
    about(parameter),
  ]);
  return { type: 'table', columns: ['name', 'type', 'value', 'what for'], rows };
}

function valueOf({ default: value, set, noEcho }: CardParameter): Line {
  if (set !== null) return [noEcho ? '(set)' : `"${set}"`];
  return value === null ? [{ text: 'required', tone: 'warn' }] : [{ text: `default "${value}"`, tone: 'muted' }];
}

function about({ description, allowedValues, noEcho }: CardParameter): string {
  const allowed =
    allowedValues === null
      ? ''
      : `One of ${abbreviated(
          allowedValues.map((value) => `"${value}"`),
          MOST_VALUES,
        )}.`;
  return [description, allowed, noEcho ? 'Secret.' : ''].filter((text) => text !== '').join(' ');
}

const SCOPES: Readonly<Record<CardResources['fedramp'], Span>> = {
  high: { text: 'high', tone: 'good' },
  moderate: { text: 'moderate', tone: 'good' },
  unknown: { text: 'unknown', tone: 'warn' },
};

function resourceTable(resources: readonly CardResources[]): Block {
  const rows = resources.map(({ type, count, service, fedramp }): readonly Line[] => [
    type,
    String(count),
    service === null ? ['its own'] : [service],
    service === null ? '' : [SCOPES[fedramp]],
  ]);
  return { type: 'table', columns: ['resource type', 'count', 'service', 'FedRAMP'], rows };
}

function section(title: string, items: readonly Line[]): readonly Block[] {
  if (items.length === 0) return [];
  return [
    { type: 'heading', text: title },
    { type: 'list', items },
  ];
}

/** A long list never hides that it was cut. */
function bounded(items: readonly Line[]): readonly Line[] {
  if (items.length <= MOST_ITEMS) return items;
  return [...items.slice(0, MOST_ITEMS), `and ${String(items.length - MOST_ITEMS)} more; --output json has all`];
}
