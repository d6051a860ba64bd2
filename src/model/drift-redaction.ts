import { sha256 } from './canonical.js';
import type { Difference } from './drift.js';
import type { Shown } from './plan.js';

/** Stands for a value that is not to be shown. */
export const HIDDEN = '(hidden)';

/** Properties whose value, and all below, is a secret by its name. */
const SECRET_PROPERTY =
  /(pass(word|phrase)|secret|token|private_?key|secret_?key|api_?key|credentials?|secret_?string|login_?profile)$/i;
/** What people call a secret in an environment. */
const SECRET_VARIABLE =
  /pass(word|wd|phrase)?|pwd|secret|token|credential|auth|(api|access|private|signing|encryption|licen[cs]e)[_-]?key/i;
/** Levels, of texts in texts too; what lies deeper is not looked into, and not shown. */
const DEEPEST = 40;
const LONGEST = 1_000;
const KEPT = 900;

type Tokens = readonly string[];

/**
 * Differences without any secret: what is under one of the paths (JSON pointers into the resource's properties; `*` is any place of a
 * list), and what its own name says to be one, at its place and inside of values that are shown whole. That it differs stays visible.
 */
export function redactDifferences(
  differences: readonly Difference[],
  secretPaths: readonly string[],
): readonly Difference[] {
  const secrets = secretPaths.map(tokensOf);
  return differences.map(({ path, expected, actual }) => {
    const tokens = tokensOf(path);
    return { path, expected: hidden(expected, tokens, secrets), actual: hidden(actual, tokens, secrets) };
  });
}

/** A difference whose values are no longer than 1,000 characters: a longer one is cut, and its length and digest say what it was. */
export function shortenDifference({ path, expected, actual }: Difference): Difference {
  return { path, expected: shortened(expected), actual: shortened(actual) };
}

/** Pointers to values that stand beside a name which reads like a secret: `{ Name: DB_PASSWORD, Value: … }`. */
export function namedSecrets(properties: unknown): readonly string[] {
  const found: string[] = [];
  const walk = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEEPEST) return;
    for (const [key, each] of Object.entries(value)) {
      const at = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (isValueOfSecret(value, key)) found.push(at);
      else walk(each, at, depth + 1);
    }
  };
  walk(properties, '', 0);
  return found;
}

function hidden(value: Shown, tokens: Tokens, secrets: readonly Tokens[]): Shown {
  return value === null ? null : hiddenText(value, tokens, secrets, 0);
}

function hiddenText(text: string, tokens: Tokens, secrets: readonly Tokens[], depth: number): string {
  if (isSecret(tokens, secrets)) return HIDDEN;
  const parsed = parsedTree(text);
  if (parsed === null) return secrets.some((secret) => isWithin(secret, tokens)) ? HIDDEN : text;
  const before = JSON.stringify(parsed);
  const after = JSON.stringify(hiddenTree(parsed, tokens, secrets, depth + 1));
  return before === after ? text : after;
}

function hiddenTree(value: unknown, tokens: Tokens, secrets: readonly Tokens[], depth: number): unknown {
  if (isSecret(tokens, secrets) || depth > DEEPEST) return HIDDEN;
  if (typeof value === 'string') return hiddenText(value, tokens, secrets, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((each, index) => hiddenTree(each, [...tokens, String(index)], secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      isValueOfSecret(value, key) ? HIDDEN : hiddenTree(each, [...tokens, key], secrets, depth + 1),
    ]),
  );
}

/** A value that is a text is shown as it is; one that is more is shown as JSON. */
function parsedTree(text: string): object | null {
  if (!/^\s*[{[]/.test(text)) return null;
  try {
    return JSON.parse(text) as object;
  } catch {
    return null;
  }
}

function isSecret(tokens: Tokens, secrets: readonly Tokens[]): boolean {
  return (
    tokens.some((token) => SECRET_PROPERTY.test(token)) ||
    tokens.some((token, index) => isVariable(tokens, index) && SECRET_VARIABLE.test(token)) ||
    secrets.some((secret) => isWithin(tokens, secret))
  );
}

/** `/Environment/Variables/NAME`, at whatever depth. */
function isVariable(tokens: Tokens, index: number): boolean {
  return tokens[index - 1] === 'Variables' && tokens[index - 2] === 'Environment';
}

function isWithin(tokens: Tokens, above: Tokens): boolean {
  return (
    above.length <= tokens.length &&
    above.every((token, index) => token === tokens[index] || token === '*' || tokens[index] === '*')
  );
}

function isValueOfSecret(siblings: object, key: string): boolean {
  if (!/^value$/i.test(key)) return false;
  return Object.entries(siblings).some(
    ([name, said]) => /^(name|key)$/i.test(name) && typeof said === 'string' && SECRET_VARIABLE.test(said),
  );
}

function tokensOf(pointer: string): Tokens {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function shortened(value: Shown): Shown {
  if (value === null || value.length <= LONGEST) return value;
  // Half of a pair is no character.
  const kept = value.slice(0, KEPT).replace(/[\ud800-\udbff]$/, '');
  return `${kept}… (${value.length} characters, SHA-256 ${sha256(value).slice(0, 16)})`;
}
