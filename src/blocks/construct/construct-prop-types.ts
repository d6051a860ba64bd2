import type { JsonObject } from '../../model/json.js';
import { nearest } from '../../model/nearest.js';
import { isFormKey } from './construct-contract.js';
import type { PropIndex, PropType } from './construct-contract.js';
import { FORMS, isFormName } from './construct-forms.js';
import type { FormName } from './construct-forms.js';
import type { PropPath } from './construct-props.js';

export type Misfit = { readonly path: PropPath; readonly message: string; readonly remedy: string };

/** Forms of which it is known only in the end what they stand for. */
const ANYTHING: ReadonlySet<FormName> = new Set<FormName>(['$Enum', '$Parameter', '$Sub']);

/** What in the props the construct does not take: a prop that it does not have, or a value of another type. Pure. */
export function misfitsIn(props: JsonObject, construct: string, { constructs, types }: PropIndex): readonly Misfit[] {
  const misfits: Misfit[] = [];
  const refuse = (path: PropPath, message: string, remedy: string): void =>
    void misfits.push({ path, message, remedy });

  const check = (value: unknown, type: PropType, path: PropPath): void => {
    if (typeof type === 'string') checkPlain(value, type, path);
    else if ('list' in type) checkList(value, type.list, path);
    else if ('map' in type) checkMap(value, type.map, path);
    else if ('of' in type) checkNamed(value, type.of, path);
    // Of several types, which was meant can be told from the whole only.
  };

  const checkPlain = (value: unknown, type: string, path: PropPath): void => {
    if (!['string', 'number', 'boolean'].includes(type) || typeof value === type || isAnything(value)) return;
    refuse(
      path,
      `it takes a ${type}`,
      type === 'string' ? 'write text, in quotes where YAML would read something else' : `write a ${type}`,
    );
  };

  const checkList = (value: unknown, type: PropType, path: PropPath): void => {
    if (Array.isArray(value)) value.forEach((item, index) => check(item, type, [...path, index]));
    else if (!isAnything(value)) refuse(path, 'it takes a list', 'write a list');
  };

  const checkMap = (value: unknown, type: PropType, path: PropPath): void => {
    if (isMapping(value) && formOf(value) === null)
      Object.entries(value).forEach(([key, inner]) => check(inner, type, [...path, key]));
    else if (!isAnything(value)) refuse(path, 'it takes a mapping', 'write a mapping');
  };

  const checkNamed = (value: unknown, name: string, path: PropPath): void => {
    const known = types[name];
    if (known === undefined) checkObject(value, name, path);
    else if ('members' in known) {
      if (isMapping(value) && formOf(value) !== '$Enum')
        refuse(
          path,
          `it takes one of ${shortName(name)}`,
          `write its value, or { $Enum: ${enumOf(name)}.${known.members[0]} }`,
        );
    } else checkProps(value, known.props, name, path);
  };

  const checkProps = (value: unknown, own: Readonly<Record<string, PropType>>, name: string, path: PropPath): void => {
    if (!isMapping(value) || formOf(value) !== null) {
      refuse(
        path,
        `it takes a mapping, ${shortName(name)}`,
        `write a mapping of ${Object.keys(own).slice(0, 8).join(', ')}`,
      );
      return;
    }
    for (const [key, inner] of Object.entries(value)) {
      const type = own[key];
      if (type !== undefined) check(inner, type, [...path, key]);
      else {
        const meant = nearest(key, Object.keys(own));
        refuse(
          [...path, key],
          `${shortName(name)} has no such prop`,
          meant === null ? `write one of ${Object.keys(own).sort().join(', ')}` : `write ${meant}`,
        );
      }
    }
  };

  const checkObject = (value: unknown, name: string, path: PropPath): void => {
    const form = formOf(value);
    if (form !== null && (ANYTHING.has(form) || makes(form, name))) return;
    const fitting = (Object.keys(FORMS) as FormName[]).find((candidate) => makes(candidate, name));
    refuse(
      path,
      `it takes an object, ${shortName(name)}`,
      fitting === undefined
        ? 'leave it out: props in YAML cannot hold one'
        : `write { ${fitting}: ${FORMS[fitting].example} }`,
    );
  };

  const pattern = constructs[construct];
  if (pattern !== undefined) check(props, { of: pattern.props }, []);
  return misfits;
}

/** Whether a form gives such an object: of the class itself, or of what the CDK asks of one. */
function makes(form: FormName, name: string): boolean {
  const own = form.slice(1);
  return [own, `I${own}`, `I${own}Ref`, ...(form === '$Function' ? ['FunctionBase'] : [])].includes(shortName(name));
}

const isMapping = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function formOf(value: unknown): FormName | null {
  const key = isMapping(value) ? Object.keys(value).find(isFormKey) : undefined;
  return key !== undefined && isFormName(key) ? key : null;
}

function isAnything(value: unknown): boolean {
  const form = formOf(value);
  return form !== null && ANYTHING.has(form);
}

const shortName = (name: string): string => name.split('.').at(-1)!;

/** `aws-cdk-lib.aws_logs.RetentionDays` as `$Enum` writes it. */
function enumOf(name: string): string {
  const [, ...rest] = name.split('.');
  return rest.length === 1 ? `core.${rest[0]}` : `${rest[0]!.replaceAll('_', '-')}.${rest.at(-1)}`;
}
