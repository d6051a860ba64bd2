import type { JsonObject } from '../../model/json.js';
import { nearest } from '../../model/nearest.js';
import { isFormKey } from './construct-contract.js';
import { FORMS, isFormName } from './construct-forms.js';
import type { FormName } from './construct-forms.js';

export type PropPath = readonly (string | number)[];

export type PropProblem = {
  readonly code: 'EK4063' | 'EK4064' | 'EK4075';
  readonly path: PropPath;
  readonly message: string;
  readonly remedy: string;
};

/** What of the revision the props name. */
export type Material = {
  readonly type: 'folder' | 'definition';
  /** Relative to the desired-state folder. */
  readonly path: string;
  readonly at: PropPath;
};

export type CheckedProps = { readonly problems: readonly PropProblem[]; readonly material: readonly Material[] };

const LIMITS = { depth: 32, values: 10_000 } as const;

/** Facts of a target and outputs of deployments, which a manifest's parameters may refer to. */
const REFERENCE =
  /\$\{(?:account\.|organization\.|managementAccount\.|outputs\.|(?:region|partition|dnsSuffix)\})[^}]*\}?/;

/** Every form in the props that is not one, or does not hold what it should; and the material that they name. Pure. */
export function checkProps(props: JsonObject): CheckedProps {
  const problems: PropProblem[] = [];
  const material: Material[] = [];
  let values = 0;

  const walk = (value: unknown, path: PropPath): void => {
    values += 1;
    if (values === LIMITS.values + 1)
      problems.push(tooMuch(path.slice(0, 1), `the props hold more than ${LIMITS.values} values`));
    if (values > LIMITS.values) return;
    if (path.length > LIMITS.depth) {
      problems.push(tooMuch(path, `the props are nested more than ${LIMITS.depth} deep`));
      return;
    }
    if (typeof value === 'string') checkText(value, path);
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => walk(item, [...path, index]));
      return;
    }
    const key = Object.keys(value).find(isFormKey);
    if (key !== undefined) checkForm(key, value as JsonObject, path);
    else Object.entries(value).forEach(([name, inner]) => walk(inner, [...path, name]));
  };

  const checkText = (text: string, path: PropPath): void => {
    const reference = REFERENCE.exec(text)?.[0];
    if (reference === undefined) return;
    problems.push({
      code: 'EK4064',
      path,
      message: `a construct is synthesised once for all targets, so ${reference} cannot be filled in`,
      remedy:
        'write { $Parameter: Name } here and the value under parameters, or { $Sub: … } with AWS::AccountId, AWS::Region',
    });
  };

  const checkForm = (key: string, mapping: JsonObject, path: PropPath): void => {
    if (!isFormName(key)) {
      problems.push(unknownForm(key, [...path, key]));
      return;
    }
    if (Object.keys(mapping).length > 1) {
      problems.push({
        code: 'EK4063',
        path: [...path, key],
        message: `${key} stands for a whole object, so nothing may stand beside it`,
        remedy: `write { ${key}: ${FORMS[key].example} } and nothing else`,
      });
      return;
    }
    checkValue(key, mapping[key], [...path, key]);
  };

  const checkValue = (name: FormName, value: unknown, path: PropPath): void => {
    const { schema, example, holds } = FORMS[name];
    if (holds === 'text' && isForm(value)) {
      if (Object.keys(value).every((key) => key === '$Sub' || key === '$Parameter')) walk(value, path);
      else problems.push(misfit(name, path, `${example}, a $Sub or a $Parameter`));
      return;
    }
    if (!schema.safeParse(value).success) {
      problems.push(misfit(name, path, example));
      return;
    }
    if (holds === 'props') Object.entries(value as JsonObject).forEach(([key, inner]) => walk(inner, [...path, key]));
    else if (name !== '$Sub' && name !== '$DefinitionBody' && name !== '$Code' && typeof value === 'string')
      checkText(value, path);
    if (name === '$Code' && isMapping(value) && typeof value['folder'] === 'string')
      material.push({ type: 'folder', path: value['folder'], at: [...path, 'folder'] });
    if (name === '$DefinitionBody' && isMapping(value) && typeof value['file'] === 'string')
      material.push({ type: 'definition', path: value['file'], at: [...path, 'file'] });
  };

  walk(props, []);
  return { problems, material };
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isForm = (value: unknown): value is JsonObject => isMapping(value) && Object.keys(value).some(isFormKey);

function tooMuch(path: PropPath, message: string): PropProblem {
  return { code: 'EK4075', path, message, remedy: 'configure less in one construct' };
}

function misfit(name: FormName, path: PropPath, example: string): PropProblem {
  return { code: 'EK4064', path, message: `${name} does not hold what it should`, remedy: `write ${example}` };
}

function unknownForm(key: string, path: PropPath): PropProblem {
  const meant = nearest(key, Object.keys(FORMS));
  return {
    code: 'EK4063',
    path,
    message: `${key} is no object that props can hold`,
    remedy: meant === null ? `write one of ${Object.keys(FORMS).join(', ')}` : `write ${meant}`,
  };
}
