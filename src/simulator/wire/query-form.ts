import { Malformed, parseBlob, parseBoolean, parseNumber, parseTimestamp } from './scalar.js';
import type { Member, Shape } from './shape.js';

type Node = { text: string | undefined; readonly children: Map<string, Node> };

/** AWS's own shapes are nowhere near this deep; it bounds what a hostile key can cost. */
const DEEPEST_KEY = 40;

/** `A.member.1.B=x` as a tree, split at the dots. */
export function parseForm(parameters: URLSearchParams): Node {
  const root: Node = { text: undefined, children: new Map() };
  for (const [key, text] of parameters) {
    const steps = key.split('.');
    if (steps.length > DEEPEST_KEY) throw new Malformed('a parameter name is nested too deeply');
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

/** A form's tree read as a value of the shape: what the awsQuery protocol means by it. */
export function fromForm(shape: Shape, node: Node): unknown {
  switch (shape.type) {
    case 'structure': {
      const value: Record<string, unknown> = {};
      for (const member of shape.members) {
        const child = node.children.get(member.xmlName);
        if (child !== undefined) value[member.name] = memberFromForm(member, child);
      }
      return value;
    }
    case 'list':
      return numbered(node.children.get(shape.memberName)).map((item) => fromForm(shape.member, item));
    case 'map':
      return mapFromForm(shape, node.children.get('entry'));
    case 'number':
      return parseNumber(node.text ?? '');
    case 'boolean':
      return parseBoolean(node.text ?? '');
    case 'timestamp':
      return parseTimestamp(node.text ?? '');
    case 'blob':
      return parseBlob(node.text ?? '');
    case 'string':
    case 'document':
    case 'unit':
      return node.text ?? '';
  }
}

function memberFromForm(member: Member, node: Node): unknown {
  const { shape } = member;
  if (member.xmlFlattened && shape.type === 'list') return numbered(node).map((item) => fromForm(shape.member, item));
  if (member.xmlFlattened && shape.type === 'map') return mapFromForm(shape, node);
  return fromForm(shape, node);
}

function mapFromForm(shape: Extract<Shape, { type: 'map' }>, node: Node | undefined): Record<string, unknown> {
  const pairs = numbered(node).map((entry): [string, unknown] => [
    entry.children.get(shape.keyName)?.text ?? '',
    fromForm(shape.value, entry.children.get(shape.valueName) ?? { text: '', children: new Map() }),
  ]);
  return Object.fromEntries(pairs);
}

/** Children named 1, 2, 3 … in that order, gaps allowed. */
function numbered(node: Node | undefined): Node[] {
  if (node === undefined) return [];
  return [...node.children]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, child]) => child);
}
