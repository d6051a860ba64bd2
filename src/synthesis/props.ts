import type { Stack } from 'aws-cdk-lib/core';
import { unreachable } from '../model/unreachable.js';
import { isFormKey } from '../blocks/construct/construct-contract.js';
import type { SynthesisRequest } from '../blocks/construct/construct-contract.js';
import type { FormName } from '../blocks/construct/construct-forms.js';
import type { Cdk } from './cdk.js';
import { existingResource, isExisting } from './existing-resources.js';
import { durationOf, memberOf, runtimeOf, sizeOf } from './values.js';
import { parameterOf } from './parameters.js';

type Path = readonly (string | number)[];

/** What the objects of the props are made of. */
export type Workshop = { readonly cdk: Cdk; readonly stack: Stack; readonly request: SynthesisRequest };

/** The props as the construct takes them: every form an object of the CDK, all else as it is written. Throws Unfit. */
export function buildProps(value: unknown, workshop: Workshop, path: Path = []): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => buildProps(item, workshop, [...path, index]));
  const name = Object.keys(value).find(isFormKey) as FormName | undefined;
  if (name !== undefined)
    return buildForm(name, (value as Readonly<Record<string, unknown>>)[name], workshop, [...path, name]);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, buildProps(inner, workshop, [...path, key])]),
  );
}

/** The values are those that `checkProps` has let through. */
function buildForm(name: FormName, value: unknown, workshop: Workshop, path: Path): unknown {
  const { cdk, stack, request } = workshop;
  const text = value as string;
  if (isExisting(name)) return existingResource(name, insideOf(value, workshop, path) as string, workshop, idOf(path));
  switch (name) {
    case '$Code': {
      const { folder, inline } = value as { readonly folder?: string; readonly inline?: string };
      const { Code } = cdk.load('aws-cdk-lib/aws-lambda');
      if (folder === undefined) return Code.fromInline(inline!);
      const { Bucket } = cdk.load('aws-cdk-lib/aws-s3');
      return Code.fromBucket(Bucket.fromBucketName(stack, idOf(path), request.bucket), request.code[folder]!);
    }
    case '$DefinitionBody': {
      const { json, file } = value as { readonly json?: unknown; readonly file?: string };
      const { DefinitionBody } = cdk.load('aws-cdk-lib/aws-stepfunctions');
      return DefinitionBody.fromString(file === undefined ? JSON.stringify(json) : request.definitions[file]!);
    }
    case '$Runtime':
      return runtimeOf(text, cdk, path);
    case '$Duration':
      return durationOf(text, cdk);
    case '$Size':
      return sizeOf(text, cdk);
    case '$Enum':
      return memberOf(text, cdk, path);
    case '$Schedule':
      return cdk.load('aws-cdk-lib/aws-events').Schedule.expression(text);
    case '$PolicyStatement':
      return cdk.load('aws-cdk-lib/aws-iam').PolicyStatement.fromJson(insideOf(value, workshop, path));
    case '$Parameter':
      return parameterOf(value as Parameters<typeof parameterOf>[0], workshop, path);
    case '$Sub':
      return cdk.load('aws-cdk-lib').Fn.sub(text);
    default:
      return unreachable(name);
  }
}

const insideOf = (value: unknown, workshop: Workshop, path: Path): unknown => buildProps(value, workshop, path);

/** No two values of the props share it, and it stays the same while the prop stands where it is. */
const idOf = (path: Path): string => `Props-${path.join('-').replaceAll('$', '')}`;
