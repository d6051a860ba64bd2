type Bounds = { readonly min?: number; readonly max?: number };

/** What a shape of a service model demands of a value by itself. Lengths are Unicode characters, entries or items; `pattern` is Java's and holds for the whole value. */
export type ConstraintRule =
  | (Bounds & {
      readonly type: 'string';
      readonly pattern?: string;
      readonly enum?: readonly string[];
      /** AWS does not repeat such a value in what it answers. */
      readonly sensitive?: boolean;
    })
  | (Bounds & { readonly type: 'number'; readonly bits: number })
  | (Bounds & { readonly type: 'list'; readonly member?: string })
  | (Bounds & { readonly type: 'map'; readonly key?: string; readonly value?: string });

/** The rules of a service by the names of their shapes, and which member of which structure goes by which rule. */
export type ConstraintTable = {
  readonly rules: Readonly<Record<string, ConstraintRule>>;
  readonly structures: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

export type ViolationKind =
  | 'required'
  | 'pattern'
  | 'max-length'
  | 'min-length'
  | 'max-value'
  | 'min-value'
  | 'enum'
  | 'list-member'
  | 'map-member';

/** One way in which an input is not as the model says. */
export type Violation = {
  readonly kind: ViolationKind;
  /** As AWS writes it: `tags.1.member.key`. */
  readonly place: string;
  /** Of the shape that is violated; empty where a member is missing. */
  readonly rule: string;
  /** The value with quotation marks, `null`, or nothing where AWS keeps it to itself. */
  readonly shown: string;
  /** AWS's words for what the value should be: `Member must …`. */
  readonly demand: string;
};

/** AWS's sentence for all of them. */
export function violationMessage(violations: readonly Violation[]): string {
  const errors = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  const each = violations.map(
    ({ shown, place, demand }) =>
      `Value ${shown === '' ? '' : `${shown} `}at '${place}' failed to satisfy constraint: ${demand}`,
  );
  return `${errors} detected: ${each.join('; ')}`;
}
