import type { TemplateDocument } from '../model/template.js';
import { unreachable } from '../model/unreachable.js';
import { isMapping, resourcesOf } from './template-resources.js';
import type { Mapping } from './template-resources.js';

/** `pins` name one version of the object in its old place, and go when the place changes. */
type FieldNames = {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly pins: readonly string[];
};
/** How a property names its object. `fields`: an object of bucket and key, or `s3://…` for which it may be written; `uri`: only `s3://…`; `url`: only `https://…`. */
type Form =
  { readonly type: 'fields'; readonly names: FieldNames } | { readonly type: 'uri' } | { readonly type: 'url' };
type Slot = { readonly property: string; readonly form: Form; readonly holds: 'bytes' | 'template' };

const LAMBDA: Form = {
  type: 'fields',
  names: { bucket: 'S3Bucket', key: 'S3Key', version: 'S3ObjectVersion', pins: ['S3ObjectVersion'] },
};
const PLAIN: Form = {
  type: 'fields',
  names: { bucket: 'Bucket', key: 'Key', version: 'Version', pins: ['Version', 'ETag'] },
};
const URI: Form = { type: 'uri' };

const bytes = (property: string, form: Form): Slot => ({ property, form, holds: 'bytes' });
const template = (property: string): Slot => ({ property, form: { type: 'url' }, holds: 'template' });
const APPSYNC_CODE = ['RequestMappingTemplateS3Location', 'ResponseMappingTemplateS3Location', 'CodeS3Location'].map(
  (property) => bytes(property, URI),
);

/** Every property in which a template names an object in S3. */
const SLOTS: ReadonlyMap<string, readonly Slot[]> = new Map([
  ['AWS::Lambda::Function', [bytes('Code', LAMBDA)]],
  ['AWS::Lambda::LayerVersion', [bytes('Content', LAMBDA)]],
  ['AWS::Serverless::Function', [bytes('CodeUri', PLAIN)]],
  ['AWS::Serverless::LayerVersion', [bytes('ContentUri', PLAIN)]],
  ['AWS::Serverless::Api', [bytes('DefinitionUri', PLAIN)]],
  ['AWS::Serverless::HttpApi', [bytes('DefinitionUri', PLAIN)]],
  ['AWS::Serverless::StateMachine', [bytes('DefinitionUri', PLAIN)]],
  ['AWS::Serverless::Application', [template('Location')]],
  ['AWS::CloudFormation::Stack', [template('TemplateURL')]],
  ['AWS::StepFunctions::StateMachine', [bytes('DefinitionS3Location', PLAIN)]],
  ['AWS::ApiGateway::RestApi', [bytes('BodyS3Location', PLAIN)]],
  ['AWS::AppSync::GraphQLSchema', [bytes('DefinitionS3Location', URI)]],
  ['AWS::AppSync::Resolver', APPSYNC_CODE],
  ['AWS::AppSync::FunctionConfiguration', APPSYNC_CODE],
]);

/** Where an object is: `url` for what is fetched as it is written, such as a presigned address. */
export type Location =
  | { readonly type: 's3'; readonly bucket: string; readonly key: string; readonly version: string | null }
  | { readonly type: 'url'; readonly url: string };

export type ObjectReference = {
  readonly logicalId: string;
  readonly property: string;
  readonly holds: 'bytes' | 'template';
  /** Null where the template computes it, so that nobody can say which object it is. */
  readonly location: Location | null;
  /** Writes another location into the document that was searched; `${…}` in it becomes an Fn::Sub. `hostSuffix` follows the bucket in an https address. */
  pointAt(place: { readonly bucket: string; readonly hostSuffix: string; readonly key: string }): void;
};

type Holder = { [key: string | number]: unknown };

/** Every reference in the document, to be read and rewritten in place; the two arms of an Fn::If are two references. */
export function referencesIn(document: TemplateDocument): readonly ObjectReference[] {
  return resourcesOf(document).flatMap(({ logicalId, type, properties }) =>
    (SLOTS.get(type) ?? []).flatMap((slot) => slotReferences(logicalId, slot, properties, slot.property)),
  );
}

function slotReferences(
  logicalId: string,
  slot: Slot,
  holder: Holder,
  key: string | number,
): readonly ObjectReference[] {
  const value = holder[key];
  const choice = isMapping(value) ? value['Fn::If'] : undefined;
  if (Array.isArray(choice))
    return [1, 2].flatMap((arm) => slotReferences(logicalId, slot, choice as unknown as Holder, arm));
  const location = read(value, slot.form);
  if (location === undefined) return [];
  return [
    {
      logicalId,
      property: slot.property,
      holds: slot.holds,
      location,
      pointAt: (place) => {
        holder[key] = written(value, slot.form, place);
      },
    },
  ];
}

/** Undefined where the property names no object: inline code, an image, another application. */
function read(value: unknown, form: Form): Location | null | undefined {
  if (typeof value === 'string') return readText(value, form);
  if (!isMapping(value)) return undefined;
  if (form.type !== 'fields') return isIntrinsic(value) ? null : undefined;
  const { bucket, key, version } = form.names;
  if (value[bucket] === undefined) return isIntrinsic(value) ? null : undefined;
  if (typeof value[bucket] !== 'string' || typeof value[key] !== 'string') return null;
  return {
    type: 's3',
    bucket: value[bucket],
    key: value[key],
    version: typeof value[version] === 'string' ? value[version] : null,
  };
}

function readText(text: string, form: Form): Location | undefined {
  if (form.type === 'url') return /^https?:\/\//.test(text) ? { type: 'url', url: text } : undefined;
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(text);
  return match === null ? undefined : { type: 's3', bucket: match[1]!, key: match[2]!, version: null };
}

function isIntrinsic(value: Mapping): boolean {
  const keys = Object.keys(value);
  if (keys.length !== 1) return false;
  return keys[0] === 'Ref' ? value['Ref'] !== 'AWS::NoValue' : keys[0]!.startsWith('Fn::');
}

function written(
  value: unknown,
  form: Form,
  { bucket, hostSuffix, key }: { readonly bucket: string; readonly hostSuffix: string; readonly key: string },
): unknown {
  const text = (words: string): unknown => (words.includes('${') ? { 'Fn::Sub': words } : words);
  switch (form.type) {
    case 'uri':
      return text(`s3://${bucket}/${key}`);
    case 'url':
      return text(`https://${bucket}${hostSuffix}/${key}`);
    case 'fields': {
      const kept = isMapping(value) ? Object.entries(value).filter(([name]) => !form.names.pins.includes(name)) : [];
      return { ...Object.fromEntries(kept), [form.names.bucket]: text(bucket), [form.names.key]: key };
    }
    default:
      return unreachable(form);
  }
}
