import { AwsError } from '../kernel/contract.js';
import { Malformed, parseBlob, parseBoolean, parseNumber, parseTimestamp } from './scalar.js';
import type { Member, Shape } from './shape.js';

export type FormNode = { text: string | undefined; readonly children: Map<string, FormNode> };

/** AWS's own shapes are nowhere near this deep; it bounds what a hostile key can cost. */
const DEEPEST_KEY = 40;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
/** Counted from one; no list is longer than nine digits can say. */
const ORDINAL = /^[1-9]\d{0,8}$/;

/** The parameters of a form in their order. A name that comes twice, or an escape that is none, is refused. */
export function parseForm(body: string): Map<string, string> {
  const form = new Map<string, string>();
  for (const pair of body.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = unescape(equals < 0 ? pair : pair.slice(0, equals));
    if (form.has(name)) throw new Malformed(`Parameter ${name} was given more than once`);
    form.set(name, equals < 0 ? '' : unescape(pair.slice(equals + 1)));
  }
  return form;
}

/** Text as a form writes it; bytes that are no UTF-8 become replacement characters. */
function unescape(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  if (BROKEN_ESCAPE.test(spaced))
    throw new AwsError('MalformedQueryString', 'The query string contains a syntax error.', 404);
  try {
    return decodeURIComponent(spaced);
  } catch {
    return new URLSearchParams(`=${text}`).get('') ?? '';
  }
}

/** `A.member.1.B=x` as a tree, split at the dots. */
export function formTree(form: ReadonlyMap<string, string>): FormNode {
  const root: FormNode = { text: undefined, children: new Map() };
  for (const [key, text] of form) {
    const steps = key.split('.');
    if (steps.length > DEEPEST_KEY) throw new Malformed('A parameter name is nested too deeply');
    let node = root;
    for (const step of steps) {
      let child = node.children.get(step);
      if (child === undefined) node.children.set(step, (child = { text: undefined, children: new Map() }));
      node = child;
    }
    node.text = text;
  }
  return root;
}

/** A form's tree read as an operation's input. Parameters that the input does not have are ignored, as AWS does. */
export function inputFromForm(members: readonly Member[], root: FormNode): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const member of members) {
    const child = root.children.get(member.xmlName);
    if (child !== undefined) value[member.name] = memberFromForm(member, child);
  }
  return value;
}

function memberFromForm({ shape, xmlFlattened }: Member, node: FormNode): unknown {
  if (xmlFlattened && shape.type === 'list') return numbered(node).map((item) => fromForm(shape.member, item));
  if (xmlFlattened && shape.type === 'map') return mapFromForm(shape, node);
  return fromForm(shape, node);
}

/** What the awsQuery protocol means by a node; throws Malformed where the node has another form than the shape. */
function fromForm(shape: Shape, node: FormNode): unknown {
  switch (shape.type) {
    case 'structure':
      demandNoText(node);
      return inputFromForm(shape.members, node);
    case 'list':
      return numbered(only(shape.memberName, node)).map((item) => fromForm(shape.member, item));
    case 'map':
      return mapFromForm(shape, only('entry', node));
    case 'number':
      return parseNumber(textOf(node));
    case 'boolean':
      return parseBoolean(textOf(node));
    case 'timestamp':
      return parseTimestamp(textOf(node));
    case 'blob':
      return parseBlob(textOf(node));
    case 'string':
    case 'document':
    case 'unit':
      return textOf(node);
  }
}

function mapFromForm(shape: Extract<Shape, { type: 'map' }>, node: FormNode | undefined): Record<string, unknown> {
  const pairs = numbered(node).map((entry): [string, unknown] => {
    const [key, value] = [entry.children.get(shape.keyName), entry.children.get(shape.valueName)];
    if (key === undefined || value === undefined) throw new Malformed('A map entry needs a key and a value');
    return [textOf(key), fromForm(shape.value, value)];
  });
  return Object.fromEntries(pairs);
}

/** A list that is empty is sent as an empty text; otherwise there is nothing but the one name under it. */
function only(name: string, node: FormNode): FormNode | undefined {
  demandNoText(node);
  for (const child of node.children.keys())
    if (child !== name) throw new Malformed(`Expected '${name}' where '${child}' was found`);
  return node.children.get(name);
}

/** Children named 1, 2, 3 … in that order, gaps allowed. */
function numbered(node: FormNode | undefined): FormNode[] {
  if (node === undefined) return [];
  demandNoText(node);
  for (const name of node.children.keys())
    if (!ORDINAL.test(name)) throw new Malformed(`Expected a positive number where '${name}' was found`);
  return [...node.children].sort(([left], [right]) => Number(left) - Number(right)).map(([, child]) => child);
}

function demandNoText({ text }: FormNode): void {
  if (text !== undefined && text !== '') throw new Malformed('Unexpected text where a structure or list was expected');
}

function textOf({ text, children }: FormNode): string {
  if (children.size > 0) throw new Malformed('Start of structure or map found where not expected.');
  return text ?? '';
}
