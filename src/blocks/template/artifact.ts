import { parseTemplate, templateSha256 } from '../../model/template.js';
import type { ManifestAddress } from '../../model/address.js';
import { MAXIMUM_TEMPLATE_BYTES } from '../../model/artifact.js';
import type { Artifact, ArtifactObject } from '../../model/artifact.js';
import { digestOf } from '../../model/canonical.js';
import { hasErrors } from '../../model/diagnostic.js';
import type { Diagnostic, Result } from '../../model/diagnostic.js';
import type { Capability } from '../../model/identifiers.js';
import type { TemplateDocument } from '../../model/template.js';
import { placeAt, placeOf } from './place.js';
import type { Path } from './place.js';
import { capabilitiesOf, transformsOf, uniteCapabilities } from './template-capabilities.js';
import { parameterDefinitions } from './template-parameters.js';
import { FOR_EACH, isMapping, resourcesOf, section } from '../../model/template-resources.js';

export type ArtifactInput = {
  readonly address: ManifestAddress;
  /** Where the text is from, for places. */
  readonly file: string;
  readonly template: string;
  readonly objects: readonly ArtifactObject[];
  readonly tags: Readonly<Record<string, string>>;
  /** What must be acknowledged besides what the template shows: SAR knows of more than CloudFormation does. */
  readonly extraCapabilities: readonly Capability[];
};

/** CloudFormation's quotas, which cannot be raised. */
const LIMITS = { Resources: 500, Parameters: 200, Outputs: 200 } as const;

/** What a template says, as everybody else may rely on it; every mistake in it at once. Pure. */
export function makeArtifact(input: ArtifactInput): Result<Artifact> {
  const oversize = tooLarge(input);
  if (oversize !== null) return { value: null, diagnostics: [oversize] };
  const parsed = parseTemplate(input.template);
  if (parsed.type === 'not-a-template') return { value: null, diagnostics: [notATemplate(input, parsed)] };

  const { document } = parsed;
  const { definitions, problems } = parameterDefinitions(document);
  const diagnostics = [
    ...structure(input, document),
    ...problems.map(({ path, message }) =>
      finding(
        input,
        'EK4009',
        path,
        message,
        'declare the parameter with a Type, and a Default that is text, a number, a boolean or a list',
      ),
    ),
  ];
  if (hasErrors(diagnostics)) return { value: null, diagnostics };

  const templateDigest = templateSha256(input.template);
  const requiredCapabilities = uniteCapabilities(capabilitiesOf(document), input.extraCapabilities);
  const objects = [...input.objects].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  return {
    diagnostics,
    value: {
      sha256: digestOf({
        templateSha256: templateDigest,
        tags: input.tags,
        objects: objects.map((object) => object.sha256),
        requiredCapabilities,
      }),
      template: input.template,
      templateSha256: templateDigest,
      parameters: definitions,
      resourceTypes: Object.fromEntries(resourcesOf(document).map(({ logicalId, type }) => [logicalId, type])),
      outputs: outputsOf(document),
      transforms: transformsOf(document),
      requiredCapabilities,
      objects,
      injected: [],
      tags: input.tags,
    },
  };
}

function outputsOf(document: TemplateDocument): Artifact['outputs'] {
  return Object.fromEntries(
    Object.entries(section(document, 'Outputs')).map(([name, output]) => [
      name,
      isMapping(output) && output['Condition'] !== undefined ? 'conditional' : 'always',
    ]),
  );
}

function structure(input: ArtifactInput, document: TemplateDocument): readonly Diagnostic[] {
  const resources = Object.entries(section(document, 'Resources'));
  if (resources.length === 0)
    return [finding(input, 'EK4005', ['Resources'], 'the template has no Resources', 'declare at least one resource')];
  const untyped = resources.filter(
    ([logicalId, resource]) =>
      !logicalId.startsWith(FOR_EACH) &&
      logicalId !== 'Fn::Transform' &&
      !(isMapping(resource) && typeof resource['Type'] === 'string'),
  );
  return [
    ...untyped.map(([logicalId]) =>
      finding(
        input,
        'EK4007',
        ['Resources', logicalId],
        `resource ${logicalId} has no Type`,
        'give the resource a Type, such as AWS::S3::Bucket',
      ),
    ),
    ...Object.entries(LIMITS).flatMap(([name, limit]) => {
      const count = Object.keys(section(document, name)).length;
      return count <= limit
        ? []
        : [
            finding(
              input,
              'EK4006',
              [name],
              `the template has ${count} ${name}, and CloudFormation takes at most ${limit}`,
              'split the template into several manifests',
            ),
          ];
    }),
  ];
}

function tooLarge(input: ArtifactInput): Diagnostic | null {
  const bytes = Buffer.byteLength(input.template, 'utf8');
  if (bytes <= MAXIMUM_TEMPLATE_BYTES) return null;
  return {
    code: 'EK4004',
    severity: 'error',
    address: input.address,
    // The text is not parsed and its line not shown: it may be of any size.
    place: { file: input.file, line: 1, column: 1, length: 1, source: '' },
    message: `the template has ${bytes} bytes, and CloudFormation takes at most ${MAXIMUM_TEMPLATE_BYTES}, also from S3`,
    remedy: 'split the template into several manifests',
  };
}

function notATemplate(
  input: ArtifactInput,
  problem: { readonly message: string; readonly line: number; readonly column: number },
): Diagnostic {
  return {
    code: 'EK4003',
    severity: 'error',
    address: input.address,
    place: placeOf(input.file, input.template, problem.line, problem.column),
    message: `${input.file} is not a CloudFormation template: ${problem.message}`,
    remedy: 'correct the file so that it is YAML or JSON with a mapping of Resources',
  };
}

function finding(
  input: ArtifactInput,
  code: 'EK4005' | 'EK4006' | 'EK4007' | 'EK4009',
  path: Path,
  message: string,
  remedy: string,
): Diagnostic {
  return {
    code,
    severity: 'error',
    address: input.address,
    place: placeAt(input.file, input.template, path),
    message,
    remedy,
  };
}
