import type { Artifact, ParameterDefinition } from '../model/artifact.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic, Place } from '../model/diagnostic.js';
import type { Capability } from '../model/identifiers.js';
import { nearest } from '../model/nearest.js';
import { violationOf } from './parameter-rules.js';

const MOST_TAGS = 50;
const OUR_TAGS = 2;
const MOST_TAG_KEY = 128;
const MOST_TAG_VALUE = 256;
const MOST_VALUE_BYTES = 4096;
/** How many resources a message names. */
const MOST_USES = 3;

type Finding = { readonly code: Diagnostic['code']; readonly message: string; readonly remedy: string };
type Path = readonly (string | number)[];

/** What CloudFormation would refuse of a manifest whichever way it is deployed. */
export function checkTemplateUse(desired: Desired, artifact: Artifact): Diagnostic[] {
  return [
    ...checkParameters(desired, artifact),
    ...checkCapabilities(desired, artifact),
    ...checkTags(desired, artifact),
  ];
}

export function errorAt(desired: Desired, path: Path, finding: Finding): Diagnostic {
  return { severity: 'error', address: desired.address, place: desired.at(...path) satisfies Place, ...finding };
}

function checkParameters(desired: Desired, artifact: Artifact): Diagnostic[] {
  const sets = [
    { path: ['spec', 'parameters'] as Path, values: desired.parameters },
    ...desired.overrides.map((override, index) => ({
      path: ['spec', 'overrides', index, 'parameters'] as Path,
      values: override.parameters,
    })),
  ];
  const given = sets.flatMap(({ path, values }) =>
    Object.entries(values).flatMap(([name, value]) => {
      const finding = checkValue(name, value, artifact.parameters);
      return finding === null ? [] : [errorAt(desired, [...path, name], finding)];
    }),
  );
  const named = new Set(sets.flatMap(({ values }) => Object.keys(values)));
  const missing = Object.entries(artifact.parameters)
    .filter(([name, definition]) => definition.default === null && !named.has(name))
    .map(([name, definition]) =>
      errorAt(desired, ['spec', 'parameters'], {
        code: 'EK5011',
        message: `the template's parameter ${name} has no default, and nothing sets it${definition.description === '' ? '' : `: ${definition.description}`}${usesOf(definition)}`,
        remedy: `set ${name} under parameters`,
      }),
    );
  return [...given, ...missing];
}

function checkValue(name: string, value: string, parameters: Artifact['parameters']): Finding | null {
  const definition = parameters[name];
  if (definition === undefined) {
    const known = Object.keys(parameters);
    const near = nearest(name, known);
    return {
      code: 'EK5010',
      message: `the template has no parameter ${name}`,
      remedy:
        known.length === 0
          ? 'remove it; the template takes no parameters'
          : near === null
            ? `remove it, or use one of ${known.join(', ')}`
            : `did you mean ${near}? Use one of ${known.join(', ')}`,
    };
  }
  const bytes = Buffer.byteLength(value);
  if (bytes > MOST_VALUE_BYTES)
    return {
      code: 'EK5014',
      message: `the value of ${name} has ${bytes} bytes; CloudFormation takes ${MOST_VALUE_BYTES}`,
      remedy: 'shorten it, or keep it in Systems Manager and refer to it',
    };
  const dynamic = value.startsWith('{{resolve:');
  if (definition.noEcho && !dynamic) {
    return {
      code: 'EK5013',
      message: `${name} is a NoEcho parameter, and its value would stand in Git`,
      remedy: 'store it in Secrets Manager and write {{resolve:secretsmanager:…}}',
    };
  }
  // What CloudFormation or the organization fills in later cannot be judged yet.
  if (dynamic || value.includes('${')) return null;
  return rejected(name, value, definition);
}

function rejected(name: string, value: string, definition: ParameterDefinition): Finding | null {
  const violation = violationOf(value, definition);
  if (violation === null) return null;
  return {
    code: 'EK5012',
    message: `the template does not accept ${JSON.stringify(value)} for ${name}: ${violation}${usesOf(definition)}`,
    remedy: definition.constraintDescription ?? `correct the value of ${name}`,
  };
}

/** Where the value goes, so that a reviewer knows what is at stake. */
function usesOf({ usedBy }: ParameterDefinition): string {
  if (usedBy.length === 0) return '';
  const more = usedBy.length > MOST_USES ? ` and ${usedBy.length - MOST_USES} more` : '';
  return ` (used by ${usedBy.slice(0, MOST_USES).join(', ')}${more})`;
}

function checkCapabilities(desired: Desired, artifact: Artifact): Diagnostic[] {
  const acknowledged = new Set<Capability>(desired.acknowledge);
  // Whoever allows IAM resources with names allows those without.
  if (acknowledged.has('CAPABILITY_NAMED_IAM')) acknowledged.add('CAPABILITY_IAM');
  const missing = artifact.requiredCapabilities.filter((capability) => !acknowledged.has(capability));
  if (missing.length === 0) return [];
  return [
    errorAt(desired, ['spec', 'acknowledge'], {
      code: 'EK5015',
      message: `the template requires ${missing.join(', ')}, which nobody has acknowledged`,
      remedy: `read what the template may do, then write acknowledge: [${[...desired.acknowledge, ...missing].join(', ')}]`,
    }),
  ];
}

function checkTags(desired: Desired, artifact: Artifact): Diagnostic[] {
  const findings = Object.entries(desired.tags).flatMap(([key, value]) => {
    const reason = tagViolation(key, value);
    return reason === null
      ? []
      : [
          errorAt(desired, ['spec', 'tags', key], {
            code: 'EK5017',
            message: `the tag ${key} ${reason}`,
            remedy: 'rename, shorten or remove it',
          }),
        ];
  });
  const count = new Set([...Object.keys(desired.tags), ...Object.keys(artifact.tags)]).size + OUR_TAGS;
  if (count > MOST_TAGS) {
    findings.push(
      errorAt(desired, ['spec', 'tags'], {
        code: 'EK5016',
        message: `there would be ${count} tags with those of the building block and Evenkeel's own; CloudFormation takes ${MOST_TAGS}`,
        remedy: `remove ${count - MOST_TAGS} of them`,
      }),
    );
  }
  return findings;
}

function tagViolation(key: string, value: string): string | null {
  if (/^aws:/i.test(key)) return 'begins with aws:, which AWS keeps for itself';
  if (key.startsWith('evenkeel:')) return 'begins with evenkeel:, by which stacks are recognised as ours';
  if (key === '' || key.length > MOST_TAG_KEY) return `has a key that is not 1 to ${MOST_TAG_KEY} characters long`;
  if (value === '') return 'has no value, and CloudFormation takes none without';
  if (value.length > MOST_TAG_VALUE) return `has a value longer than ${MOST_TAG_VALUE} characters`;
  return null;
}
