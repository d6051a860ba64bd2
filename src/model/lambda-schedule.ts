import { nearest } from './nearest.js';

/** ISO dates. */
export type RuntimeEnd = {
  readonly deprecated: string;
  /** Since when no function is created with it. */
  readonly noCreation: string;
  readonly noUpdate: string;
  /** `announced`: a date that lay ahead when this was written. AWS has moved such dates more than once, so they are told and do not refuse. */
  readonly status: 'in-force' | 'announced';
};

const ended = (deprecated: string, noCreation: string, noUpdate: string): RuntimeEnd => ({
  deprecated,
  noCreation,
  noUpdate,
  status: 'in-force',
});
const announced = (deprecated: string): RuntimeEnd => ({
  deprecated,
  noCreation: '2027-02-01',
  noUpdate: '2027-03-03',
  status: 'announced',
});

/** As AWS published it in September 2026: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html. What is not listed is taken to be alive. */
export const RUNTIME_ENDS: Readonly<Record<string, RuntimeEnd>> = {
  nodejs: ended('2016-08-30', '2016-09-30', '2016-10-31'),
  'nodejs4.3': ended('2020-03-05', '2020-02-03', '2020-03-05'),
  'nodejs4.3-edge': ended('2020-03-05', '2019-03-31', '2019-04-30'),
  'nodejs6.10': ended('2019-08-12', '2019-07-12', '2019-08-12'),
  'nodejs8.10': ended('2020-03-06', '2020-02-04', '2020-03-06'),
  'nodejs10.x': ended('2021-07-30', '2021-07-30', '2022-02-14'),
  'nodejs12.x': ended('2023-03-31', '2023-03-31', '2023-04-30'),
  'nodejs14.x': ended('2023-12-04', '2024-01-09', '2027-03-03'),
  'nodejs16.x': announced('2024-06-12'),
  'nodejs18.x': announced('2025-09-01'),
  'nodejs20.x': announced('2026-04-30'),
  'python2.7': ended('2021-07-15', '2021-07-15', '2022-05-30'),
  'python3.6': ended('2022-07-18', '2022-07-18', '2022-08-29'),
  'python3.7': ended('2023-12-04', '2024-01-09', '2027-03-03'),
  'python3.8': announced('2024-10-14'),
  'python3.9': announced('2025-12-15'),
  java8: ended('2024-01-08', '2024-02-08', '2027-03-03'),
  'dotnetcore1.0': ended('2019-06-27', '2019-06-30', '2019-07-30'),
  'dotnetcore2.0': ended('2019-05-30', '2019-04-30', '2019-05-30'),
  'dotnetcore2.1': ended('2022-01-05', '2022-01-05', '2022-04-13'),
  'dotnetcore3.1': ended('2023-04-03', '2023-04-03', '2023-05-03'),
  dotnet6: announced('2024-12-20'),
  'go1.x': ended('2024-01-08', '2024-02-08', '2027-03-03'),
  'ruby2.5': ended('2021-07-30', '2021-07-30', '2022-03-31'),
  'ruby2.7': ended('2023-12-07', '2024-01-09', '2027-03-03'),
  'ruby3.2': announced('2026-03-31'),
  provided: ended('2024-01-08', '2024-02-08', '2027-03-03'),
  'provided.al2': announced('2026-07-31'),
};

/** What takes a runtime's place, by how its name begins. */
const SUCCESSORS: readonly (readonly [prefix: string, runtime: string])[] = [
  ['nodejs', 'nodejs24.x'],
  ['python', 'python3.14'],
  ['java', 'java25'],
  ['dotnet', 'dotnet10'],
  ['ruby', 'ruby3.4'],
];

export function successorOf(runtime: string): string {
  return SUCCESSORS.find(([prefix]) => runtime.startsWith(prefix))?.[1] ?? 'provided.al2023';
}

/**
 * The newest of `known` that is of the same family as the one that was written, whether or not that exists, and that functions are
 * created with; one whose end has been announced only where there is no other. Null where there is none. Pure.
 */
export function newestRuntime(written: string, known: readonly string[]): string | null {
  const family = FAMILIES.find((prefix) => written.startsWith(prefix)) ?? familyOfNearest(written, known);
  if (family === null) return null;
  if (known.includes(successorOf(family))) return successorOf(family);
  const living = known.filter((name) => name.startsWith(family) && RUNTIME_ENDS[name]?.status !== 'in-force');
  const lasting = living.filter((name) => !Object.hasOwn(RUNTIME_ENDS, name));
  const from = lasting.length > 0 ? lasting : living;
  return [...from].sort((one, other) => other.localeCompare(one, 'en', { numeric: true }))[0] ?? null;
}

const FAMILIES: readonly string[] = [...SUCCESSORS.map(([prefix]) => prefix), 'provided'];

function familyOfNearest(written: string, known: readonly string[]): string | null {
  const near = nearest(written, known);
  return FAMILIES.find((prefix) => near?.startsWith(prefix)) ?? null;
}
