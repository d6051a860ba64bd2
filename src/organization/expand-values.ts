import { error } from '../manifest/issues.js';
import type { Path } from '../manifest/raw.js';
import { differsByTarget, partsOf, resolveParts, resolveShared, usesOutputs } from '../manifest/references.js';
import type { Facts, Part, SharedFacts } from '../manifest/references.js';
import type { Deployment, Desired, ValuePart } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Region } from '../model/identifiers.js';
import type { Account } from '../model/organization.js';
import { parseOutputReference } from '../model/output-reference.js';
import type { Directory } from './expand-directory.js';
import { conditionOf, isMeantFor } from './expand-selectors.js';
import type { Condition } from './expand-selectors.js';
import { listed } from './expand-targets.js';

type Value =
  | { readonly type: 'shared'; readonly value: string }
  | { readonly type: 'varying'; readonly parts: readonly Part[]; readonly path: Path };
type Values = ReadonlyMap<string, Value>;
type Override = { readonly condition: Condition; readonly values: Values; readonly path: Path; used: boolean };

export type ValuesAt = Pick<Deployment, 'parameters' | 'references' | 'overridden' | 'tags'>;

/** A manifest's parameters and tags, ready to be asked for one target after the other. */
export type ValueSource = {
  readonly at: (account: Account, region: Region) => ValuesAt;
  /** What was found in the manifest, and at the targets asked for so far. */
  readonly diagnostics: () => readonly Diagnostic[];
};

export function valuesOf(desired: Desired, directory: Directory, facts: SharedFacts): ValueSource {
  const base = compile(desired.parameters, ['spec', 'parameters'], facts);
  const tags = compile(desired.tags, ['spec', 'tags'], facts);
  const overrides = overridesOf(desired, directory, facts);
  const missing = openMissingTags(desired);
  const effective = remembered((applied) => effectiveOf(base, applied));

  const textOf = (value: Value, target: Facts): string =>
    value.type === 'shared' ? value.value : missing.resolve(value, target);
  const resolve = (values: Values, target: Facts): Readonly<Record<string, string>> =>
    Object.fromEntries([...values].map(([key, value]) => [key, textOf(value, target)]));
  const referencesAt = (values: Values, target: Facts): Deployment['references'] =>
    Object.fromEntries(
      [...values].flatMap(([key, value]) =>
        value.type === 'varying' ? [[key, referenceParts(value, (part) => textOf(part, target))]] : [],
      ),
    );

  const sharedTags = sharedRecord(tags);
  return {
    at: (account, region) => {
      const applied = overrides.filter(({ condition }) => appliesAt(condition, account, region));
      for (const override of applied) override.used = true;
      const { values, referring, overridden, shared } = effective(applied);
      const target: Facts = { partition: facts.partition, organization: facts.organization, account, region };
      return {
        parameters: shared ?? resolve(values, target),
        references: referring.size === 0 ? NO_REFERENCES : referencesAt(referring, target),
        overridden,
        tags: sharedTags ?? resolve(tags, target),
      };
    },
    diagnostics: () => [
      ...overrides.flatMap(({ condition }) => condition.diagnostics),
      ...overrides.filter(isIdle).map(({ path }) => idleOverride(desired, path)),
      ...missing.diagnostics(),
    ],
  };
}

const NO_REFERENCES: Deployment['references'] = {};

/** The value at one target, taken apart: facts are filled in, outputs are not known yet. */
function referenceParts(
  { parts, path }: Extract<Value, { type: 'varying' }>,
  textOf: (value: Value) => string,
): readonly ValuePart[] {
  return parts.map((part): ValuePart => {
    const reference = part.type === 'output' ? parseOutputReference(part.written) : null;
    return reference === null
      ? { type: 'text', text: textOf({ type: 'varying', parts: [part], path }) }
      : { type: 'output', reference };
  });
}

type Effective = {
  /** What facts alone resolve. */
  readonly values: Values;
  /** What refers to outputs. */
  readonly referring: Values;
  readonly overridden: readonly string[];
  /** The values themselves, where none of them varies: thousands of targets then share one object. */
  readonly shared: Readonly<Record<string, string>> | null;
};

function effectiveOf(base: Values, applied: readonly Override[]): Effective {
  const all = [...new Map([base, ...applied.map((override) => override.values)].flatMap((each) => [...each]))];
  const values: Values = new Map(all.filter(([, value]) => !refersToOutputs(value)));
  const referring: Values = new Map(all.filter(([, value]) => refersToOutputs(value)));
  const overridden = all.filter(([key, value]) => differs(base.get(key), value)).map(([key]) => key);
  return { values, referring, overridden, shared: sharedRecord(values) };
}

function sharedRecord(values: Values): Readonly<Record<string, string>> | null {
  const entries = [...values].flatMap(([key, value]) => (value.type === 'shared' ? [[key, value.value] as const] : []));
  return entries.length === values.size ? Object.fromEntries(entries) : null;
}

/** Few combinations of overrides ever apply together, however many targets there are. */
function remembered(find: (applied: readonly Override[]) => Effective): (applied: readonly Override[]) => Effective {
  const known = new Map<string, Effective>();
  return (applied) => {
    const id = applied.map(({ path }) => path.at(-1)).join(' ');
    const before = known.get(id) ?? find(applied);
    known.set(id, before);
    return before;
  };
}

function compile(settings: Readonly<Record<string, string>>, path: Path, facts: SharedFacts): Values {
  return new Map(
    Object.entries(settings).map(([key, text]): [string, Value] => {
      const parts = partsOf(text);
      const value = usesOutputs(parts) ? null : resolveShared(parts, facts);
      return [key, value === null ? { type: 'varying', parts, path: [...path, key] } : { type: 'shared', value }];
    }),
  );
}

function overridesOf(desired: Desired, directory: Directory, facts: SharedFacts): readonly Override[] {
  return desired.overrides.flatMap(({ where, parameters }, index) => {
    if (!isMeantFor(where, facts.partition)) return [];
    const path = ['spec', 'overrides', index];
    const condition = conditionOf(where, [...path, 'where'], desired.at, directory);
    return [{ condition, values: compile(parameters, [...path, 'parameters'], facts), path, used: false }];
  });
}

const appliesAt = (condition: Condition, account: Account, region: Region): boolean =>
  (condition.regions?.includes(region) ?? true) && condition.covers(account) && !condition.isExcepted(account, region);

/** A value that varies is never what the manifest says for every target, even where it comes out alike. */
function differs(base: Value | undefined, value: Value): boolean {
  if (base?.type === 'shared' && value.type === 'shared') return base.value !== value.value;
  return base !== value || (value.type === 'varying' && differsByTarget(value.parts));
}

const refersToOutputs = (value: Value): boolean => value.type === 'varying' && usesOutputs(value.parts);

const isIdle = ({ used, condition }: Override): boolean => !used && condition.diagnostics.length === 0;

function idleOverride(desired: Desired, path: Path): Diagnostic {
  const remedy = 'correct its conditions, or remove it';
  const place = desired.at(...path, 'where');
  return { ...error('EK3009', 'the override applies to no target', remedy, place), severity: 'warning' };
}

/** Collects the accounts that lack a tag, so that a thousand of them are one diagnostic for each reference. */
function openMissingTags(desired: Desired) {
  const found = new Map<string, { readonly path: Path; readonly key: string; readonly accounts: Set<Account> }>();
  return {
    resolve: (value: Extract<Value, { type: 'varying' }>, target: Facts): string => {
      const resolved = resolveParts(value.parts, target);
      if (resolved.type === 'resolved') return resolved.value;
      const id = JSON.stringify([value.path, resolved.key]);
      const entry = found.get(id) ?? { path: value.path, key: resolved.key, accounts: new Set() };
      found.set(id, entry);
      entry.accounts.add(target.account);
      return '';
    },
    diagnostics: (): readonly Diagnostic[] =>
      [...found.values()].map(({ path, key, accounts }) => {
        const names = listed([...accounts].map((account) => `${account.id} (${account.name})`));
        const message = `\${account.tags.${key}} has no value in account${accounts.size === 1 ? '' : 's'} ${names}`;
        return error(
          'EK3008',
          message,
          `tag the account with ${key}, or override the value there`,
          desired.at(...path),
        );
      }),
  };
}
