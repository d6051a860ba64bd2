import type { Deployment, Desired } from '../model/desired.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Target } from '../model/target.js';
import { targetKey } from '../model/target.js';
import { unreachable } from '../model/unreachable.js';
import type { Template } from './templates.js';

export type Finding = {
  readonly code: DiagnosticCode;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly remedy: string;
  /** Where it is so; empty where that is said in the message, or need not be. */
  readonly targets: readonly Target[];
};

const NAMED_TARGETS = 3;
/** One kind of mistake is understood after so many examples of it. */
const MOST_OF_ONE_CODE = 20;

/** The key of the manifest that says which template is meant. */
export function blockKey({ block }: Desired): string {
  switch (block.type) {
    case 'template':
      return 'template';
    case 'serverless-application':
      return 'version';
    case 'solution':
      return block.template === null ? 'solution' : 'template';
    case 'construct':
      return 'construct';
    default:
      return unreachable(block);
  }
}

/** Placed where the manifest names the template; each once with all of its targets, and no more of one code than a person reads. */
export function placed(
  { desired, deployments }: { readonly desired: Desired; readonly deployments: readonly Deployment[] | null },
  findings: readonly Finding[],
): readonly Diagnostic[] {
  const place = desired.at('spec', blockKey(desired));
  const counts = new Map<DiagnosticCode, number>();
  const unique = gathered(findings);
  const shown = unique.filter(({ code }) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    return count <= MOST_OF_ONE_CODE;
  });
  const more = [...counts].flatMap(([code, count]): Finding[] =>
    count <= MOST_OF_ONE_CODE
      ? []
      : [
          {
            code,
            severity: unique.some((each) => each.code === code && each.severity === 'error') ? 'error' : 'warning',
            message: `${String(count - MOST_OF_ONE_CODE)} more of the same are not listed`,
            remedy: 'correct those above, and look again',
            targets: [],
          },
        ],
  );
  return [...shown, ...more].map(({ targets, message, ...finding }) => {
    const isEverywhere = targets.length === (deployments?.length ?? 0);
    return {
      ...finding,
      message: targets.length === 0 || isEverywhere ? message : `${message} (${listed(targets)})`,
      address: desired.address,
      place,
    };
  });
}

/** What is said in the same words of several targets is one finding. */
function gathered(findings: readonly Finding[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.code} ${finding.severity} ${finding.message}`;
    const before = found.get(key);
    found.set(key, before === undefined ? finding : { ...before, targets: [...before.targets, ...finding.targets] });
  }
  return [...found.values()];
}

/** `bucket Archive`, `bucket Archive of nested stack Logs`. */
export function named(what: string, logicalId: string, { within }: Template): string {
  return within.length === 0 ? `${what} ${logicalId}` : `${what} ${logicalId} of nested stack ${within.join('.')}`;
}

/** `111111111111/us-east-1 and 4 more`. */
export function listed(targets: readonly Target[]): string {
  const keys = targets.slice(0, NAMED_TARGETS).map(targetKey).join(', ');
  return `${keys}${targets.length > NAMED_TARGETS ? ` and ${String(targets.length - NAMED_TARGETS)} more` : ''}`;
}

/** What an author can do about a template: change it where it is the author's own. */
export function amend({ block }: Desired, own: string): string {
  return block.type === 'template'
    ? own
    : `choose another version of the block; or keep a copy of its template in the repository, deploy it as a Stack, and there ${own}`;
}
