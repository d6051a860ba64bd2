import type { WireRequest } from './message.js';
import { Malformed } from './scalar.js';
import type { Member } from './shape.js';
import type { OperationModel, ServiceModel } from './service-model.js';

type Route = {
  readonly operation: OperationModel;
  readonly method: string;
  readonly path: RegExp;
  readonly labels: readonly string[];
  readonly constants: readonly (readonly [string, string])[];
  readonly demands: readonly Member[];
};

export type Routed = { readonly operation: OperationModel; readonly labels: ReadonlyMap<string, string> };

const routesOf = new WeakMap<ServiceModel, readonly Route[]>();

/**
 * The operation that a REST request asks for: of those whose method and path fit, the one that also finds what it needs in query
 * and headers, and there the most particular. Undefined where none fits.
 */
export function route(
  request: WireRequest,
  path: string,
  model: ServiceModel,
  eligible: (operation: OperationModel) => boolean,
): Routed | undefined {
  let best: { readonly score: number; readonly routed: Routed } | undefined;
  for (const candidate of routes(model)) {
    if (candidate.method !== request.method) continue;
    const match = candidate.path.exec(path);
    if (match === null || !eligible(candidate.operation)) continue;
    const score = scoreOf(candidate, request);
    if (score === undefined || (best !== undefined && best.score >= score)) continue;
    const labels = new Map(candidate.labels.map((label, index) => [label, decoded(match[index + 1]!)]));
    best = { score, routed: { operation: candidate.operation, labels } };
  }
  return best?.routed;
}

/** Constants of the path decide; then how much of what an operation demands is there, and a demand that is not met counts against it. */
function scoreOf(candidate: Route, request: WireRequest): number | undefined {
  let score = 0;
  for (const [name, value] of candidate.constants) {
    const given = request.query.get(name);
    // The SDK adds x-id for people who read logs; other clients do not send it.
    if (name === 'x-id' && given === undefined) continue;
    if (given === undefined || (value !== '' && !given.includes(value))) return undefined;
    score += 100;
  }
  for (const member of candidate.demands) score += isGiven(member, request) ? 10 : -50;
  return score - candidate.labels.length;
}

function isGiven(member: Member, request: WireRequest): boolean {
  const { binding } = member;
  if (binding.type === 'query') return request.query.has(binding.name);
  return binding.type !== 'header' || binding.name in request.headers;
}

function routes(model: ServiceModel): readonly Route[] {
  const known = routesOf.get(model);
  if (known !== undefined) return known;
  const made = model.operationNames.flatMap((name) => compile(model.operation(name)!));
  routesOf.set(model, made);
  return made;
}

function compile(operation: OperationModel): readonly Route[] {
  if (operation.http === undefined) return [];
  const [template, query = ''] = operation.http.uri.split('?') as [string, string?];
  const labels: string[] = [];
  const pattern = template.split(/(\{[^}]+\})/).map((part) => {
    if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
    const greedy = part.endsWith('+}');
    labels.push(part.slice(1, greedy ? -2 : -1));
    return greedy ? '(.+)' : '([^/]+)';
  });
  const members = operation.input.type === 'structure' ? operation.input.members : [];
  const demands = members.filter(
    (member) => member.required && (member.binding.type === 'query' || member.binding.type === 'header'),
  );
  const constants = [...new URLSearchParams(query)];
  return [
    { operation, method: operation.http.method, path: new RegExp(`^${pattern.join('')}$`), labels, constants, demands },
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Malformed(`'${text}' is not percent-encoded text`);
  }
}
