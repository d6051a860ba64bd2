import type { ConstraintRule, ConstraintTable, Violation } from './constraint-rule.js';
import { demandsOf, demandWhole, type Demand } from './demand.js';
import type { OperationModel } from './service-model.js';
import type { Shape, StructureShape } from './shape.js';
import { shownValue } from './shown-value.js';

type Values = Readonly<Record<string, unknown>>;

/** Adds what is wrong with a value that is there. `parent` is the place that it is in, with its dot; `name` what it is called there. */
type Check = (value: unknown, parent: string, name: string, found: Violation[]) => void;

/** What a service's model demands of its inputs, compiled when an operation is first called. */
export class InputConstraints {
  readonly #structures = new Map<StructureShape, Check>();
  readonly #rules = new Map<string, readonly Demand[]>();

  constructor(private readonly table: ConstraintTable) {}

  /** Everything that is wrong with an input, in the order of its members. Throws Malformed for a number that does not fit its type. */
  violations({ input: shape }: OperationModel, input: Values): readonly Violation[] {
    const found: Violation[] = [];
    if (shape.type === 'structure') this.#structure(shape)(input, '', '', found);
    return found;
  }

  #structure(shape: StructureShape): Check {
    const known = this.#structures.get(shape);
    if (known !== undefined) return known;
    const members: { readonly member: string; readonly place: string; required: boolean; check: Check | undefined }[] =
      [];
    const check: Check = (value, parent, _name, found) => {
      for (const { member, place, required, check } of members) {
        const item = (value as Values)[member];
        if (item !== undefined) check?.(item, parent, place, found);
        else if (required) found.push(missing(parent + place));
      }
    };
    // Before its members are looked at: a structure may hold itself.
    this.#structures.set(shape, check);
    const rules = this.table.structures[shape.name] ?? {};
    for (const { name, required, shape: of } of shape.members) {
      const place = name.charAt(0).toLowerCase() + name.slice(1);
      const check = this.#member(of, rules[name]);
      if (required || check !== undefined) members.push({ member: name, place, required, check });
    }
    return check;
  }

  #member(shape: Shape, ruleName: string | undefined): Check | undefined {
    const rule = ruleName === undefined ? undefined : this.table.rules[ruleName];
    const checks: Check[] = [];
    if (ruleName !== undefined && rule !== undefined) {
      if (rule.type === 'number') checks.push((value) => demandWhole(value, rule.bits));
      checks.push(ownCheck(ruleName, this.#demands(ruleName), rule.type === 'string' && rule.sensitive === true));
      if (rule.type === 'list' && rule.member !== undefined) checks.push(this.#listCheck(rule.member));
      if (rule.type === 'map') checks.push(...this.#mapChecks(rule));
    }
    if (shape.type === 'structure') {
      const inside = this.#structure(shape);
      checks.push((value, parent, name, found) => inside(value, `${parent}${name}.`, '', found));
    }
    if (shape.type === 'list' && shape.member.type === 'structure') {
      const inside = this.#structure(shape.member);
      checks.push((value, parent, name, found) => {
        const items = value as readonly unknown[];
        for (const [index, item] of items.entries()) inside(item, `${parent}${name}.${index + 1}.member.`, '', found);
      });
    }
    if (checks.length < 2) return checks[0];
    return (value, parent, name, found) => {
      for (const check of checks) check(value, parent, name, found);
    };
  }

  /** AWS speaks of the list as a whole, and lists all that it demands of an item. */
  #listCheck(ruleName: string): Check {
    const demands = this.#demands(ruleName);
    const demand = `Member must satisfy constraint: [${together(demands)}]`;
    return (value, parent, name, found) => {
      if ((value as readonly unknown[]).every((item) => demands.every(({ holds }) => holds(item)))) return;
      found.push({ kind: 'list-member', place: parent + name, rule: ruleName, shown: shownValue(value), demand });
    };
  }

  #mapChecks({ key, value: item }: Extract<ConstraintRule, { type: 'map' }>): readonly Check[] {
    const check = (ruleName: string, which: string, parts: (map: Values) => readonly unknown[]): Check => {
      const demands = this.#demands(ruleName);
      const demand = `Map ${which} must satisfy constraint: [${together(demands)}]`;
      return (value, parent, name, found) => {
        if (parts(value as Values).every((part) => demands.every(({ holds }) => holds(part)))) return;
        found.push({ kind: 'map-member', place: parent + name, rule: ruleName, shown: shownValue(value), demand });
      };
    };
    return [
      ...(key === undefined ? [] : [check(key, 'keys', Object.keys)]),
      ...(item === undefined ? [] : [check(item, 'value', Object.values)]),
    ];
  }

  #demands(ruleName: string): readonly Demand[] {
    const known = this.#rules.get(ruleName);
    if (known !== undefined) return known;
    const made = demandsOf(this.table.rules[ruleName]!);
    this.#rules.set(ruleName, made);
    return made;
  }
}

function ownCheck(rule: string, demands: readonly Demand[], secret: boolean): Check {
  return (value, parent, name, found) => {
    for (const { kind, text, holds } of demands)
      if (!holds(value))
        found.push({ kind, place: parent + name, rule, shown: secret ? '' : shownValue(value), demand: text });
  };
}

const missing = (place: string): Violation => ({
  kind: 'required',
  place,
  rule: '',
  shown: 'null',
  demand: 'Member must not be null',
});

/** Lengths before the pattern: the order that AWS has where it lists what it demands. */
function together(demands: readonly Demand[]): string {
  const [patterns, others] = [true, false].map((wanted) =>
    demands.filter(({ kind }) => (kind === 'pattern') === wanted),
  );
  return [...others!, ...patterns!].map(({ text }) => text).join(', ');
}
