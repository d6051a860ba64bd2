import { DIFFERENCES } from '../peers/serverless-differences.js';
import { ENDPOINTS } from '../../src/simulator/wire/endpoints.js';
import type { Chapter, PeerName, Sentence, Source } from './specification.js';
import { isAlone } from './specification.js';

const INTRODUCTION = `# The simulator

An AWS in process, for the demo, the tests and rehearsals. This page is its specification: what it does, sentence by sentence, each with
the AWS document or service model that it rests on, or marked as an assumption. Every sentence is a test of the same words in
\`test/contract/\`, asked through AWS's own SDK clients; most are asked of two independent emulators too, moto 5.2.5 and ministack 1.5.33,
and where one of those differs it is a row in [Where emulators differ](#where-emulators-differ). The page is printed from the tests.

Each line goes on from the heading above it. Time is simulated and moves only as it is told to; everything random comes from one seed.`;

const SERVERLESS = `What AWS::Serverless-2016-10-31 makes of a template is held against AWS's own translator, aws-sam-translator 1.115.0: every
serverless template that is at hand, templates of our own for each resource type and event, and random ones give the same resources, with the
same logical ids, roles, policy statements and permissions, or the same refusal. What differs is this, and nothing else; a difference that
is gone fails the suite.`;

const BLIND = `A rehearsal that goes well says nothing of what the simulator does not look at:

- Values of resource properties. It refuses properties that are missing or that a type does not have, and takes any value: a Lambda runtime that can no longer be created, a bucket's name
  that is taken elsewhere, code that is not there, and a timeout that is no number all end CREATE_COMPLETE. A resource fails where its Metadata tells the simulator so.
- IAM. No policy is evaluated, no trust but a role's existence and its external id; denials come from \`--trouble\`.
- Dynamic references such as \`{{resolve:ssm:…}}\`: they stay as they are written.
- Signatures, beyond their form, key, session and scope.
- Quotas, apart from those that a sentence names.`;

/** docs/simulator.md, from the sentences that the tests ask. `simulated` names each operation that has a handler, as \`cloudformation:CreateStack\`. */
export function specificationPage(chapters: readonly Chapter[], simulated: ReadonlySet<string>): string {
  return `${[
    INTRODUCTION,
    ...services(chapters).flatMap((service) => [
      `## ${service}`,
      ...chapters.filter((chapter) => chapter.service === service).map(chapterText),
    ]),
    '## Serverless templates',
    SERVERLESS,
    table(
      ['case', 'why it differs'],
      Object.entries(DIFFERENCES).map(([name, { because }]) => [name, because]),
    ),
    '## Where emulators differ',
    'The sentence is AWS’s by its source; the emulator does otherwise. The suite holds them to it: a difference that disappears fails it.',
    differences(chapters),
    '## What it does not look at',
    BLIND,
    '## Not simulated',
    'These exist in AWS. Called here, they answer `NotImplemented` with HTTP status 501, and nothing happens.',
    notSimulated(simulated),
  ].join('\n\n')}\n`;
}

const services = (chapters: readonly Chapter[]): readonly string[] => [
  ...new Set(chapters.map((chapter) => chapter.service)),
];

function chapterText({ operation, sentences }: Chapter): string {
  return `### ${operation}\n\n${sentences.map((sentence) => `- ${sentence.says}. ${sourceText(sentence)}`).join('\n')}`;
}

function sourceText(sentence: Sentence): string {
  const source = `*${sourceName(sentence.source)}*`;
  return isAlone(sentence) ? `${source} (asked of the simulator alone: ${sentence.alone})` : source;
}

function sourceName(source: Source): string {
  if ('document' in source) return source.document;
  return 'model' in source ? `Service model: ${source.model}` : `Assumption: ${source.assumption}`;
}

function differences(chapters: readonly Chapter[]): string {
  const rows = chapters.flatMap(({ operation, sentences, lacks }) => [
    ...Object.entries(lacks ?? {}).map(([peer, does]) => [
      operation,
      peer,
      does,
      'the operation exists',
      'Service model',
    ]),
    ...sentences.flatMap((sentence) =>
      isAlone(sentence)
        ? []
        : Object.entries(sentence.differs ?? {}).map(([peer, does]) => [
            operation,
            peer as PeerName,
            does,
            sentence.says,
            sourceName(sentence.source),
          ]),
    ),
  ]);
  return table(['operation', 'emulator', 'what it does', 'what AWS does', 'by'], rows);
}

function notSimulated(simulated: ReadonlySet<string>): string {
  return Object.values(ENDPOINTS)
    .filter(({ id }) => id !== 'dynamodb')
    .map(({ id, model }) => {
      const missing = model.operationNames.filter((name) => !simulated.has(`${id}:${name}`)).sort();
      return `- **${id}**: ${missing.length === 0 ? 'nothing' : missing.join(', ')}`;
    })
    .join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
