import type { Line } from '../model/document.js';
import type { DriftLayer, DriftMethod, FindingEvent } from '../model/drift.js';
import { STACK_SUBJECT } from '../model/drift.js';
import type { HistoryEvent } from '../model/recorded.js';
import { shortTime } from './describe-wording.js';

const METHOD_WORDS: Readonly<Record<DriftMethod, string>> = {
  walk: 'the walk over the stacks',
  template: 'the sweep of the templates',
  detection: "CloudFormation's drift detection",
};

const LAYER_WORDS: Readonly<Record<DriftLayer, string>> = {
  stack: 'changed through CloudFormation',
  resource: 'changed behind CloudFormation',
  instance: 'not as AWS should have left it',
};

/** What history tells of a finding besides what differs: what it is, how and when it was seen, and who did it. */
export function findingLines(event: HistoryEvent['event'], finding: FindingEvent): readonly Line[] {
  const { firstSeen, lastSeen, notBefore, methods } = finding;
  return [
    [`${subjectWords(finding)}: ${finding.kind}; ${finding.layer} layer, ${LAYER_WORDS[finding.layer]}`],
    [
      `seen by ${methods.map((method) => METHOD_WORDS[method]).join(' and ')}, first ${shortTime(firstSeen)}, last ${shortTime(lastSeen)}`,
      notBefore === null ? '' : `; not there yet at ${shortTime(notBefore)}`,
    ],
    ...whoLines(event, finding),
  ];
}

function subjectWords({ subject, resourceType }: FindingEvent): string {
  if (subject === STACK_SUBJECT) return 'the stack itself';
  return resourceType === null ? subject : `${subject} (${resourceType})`;
}

/** Nobody is looked up for what is gone, and that nobody was found is worth saying only of what somebody must have done. */
function whoLines(event: HistoryEvent['event'], { actor }: FindingEvent): readonly Line[] {
  if (actor === null) return event === 'appeared' || event === 'changed' ? ['who did it is not known'] : [];
  const from = actor.sourceIpAddress === null ? '' : ` from ${actor.sourceIpAddress}`;
  return [
    [
      'by ',
      { text: actor.principal, tone: 'strong' },
      `, ${actor.event} ${shortTime(actor.at)}${from} (event ${actor.eventId})`,
    ],
  ];
}
