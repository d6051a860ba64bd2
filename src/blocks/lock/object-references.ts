import type { TemplateDocument } from '../../model/template.js';
import { unreachable } from '../../model/unreachable.js';
import { isMapping, resourcesOf } from '../../model/template-resources.js';
import type { Mapping } from '../../model/template-resources.js';
import { LITERALS } from '../template/template-values.js';
import type { TemplateValues } from '../template/template-values.js';

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
  /** Null where nobody can say which object it is. */
  readonly location: Location | null;
  /** Why nobody can; null where it is known. */
  readonly unknown: string | null;
  /** Parameters on whose defaults it rests. */
  readonly defaults: readonly string[];
  /** Writes another location into the document that was searched; `${…}` in it becomes an Fn::Sub. `hostSuffix` follows the bucket in an https address. */
  pointAt(place: { readonly bucket: string; readonly hostSuffix: string; readonly key: string }): void;
};

type Holder = { [key: string | number]: unknown };

/** Every reference in the document, to be read and rewritten in place; the two arms of an Fn::If are two references. */
export function referencesIn(
  document: TemplateDocument,
  values: TemplateValues = LITERALS,
): readonly ObjectReference[] {
  return resourcesOf(document).flatMap(({ logicalId, type, properties }) =>
    (SLOTS.get(type) ?? []).flatMap((slot) => slotReferences({ logicalId, slot, values }, properties, slot.property)),
  );
}

/** The properties of a resource that name objects, so that whoever looks for something else can leave them out. */
export function objectPropertiesOf(type: string): readonly string[] {
  return (SLOTS.get(type) ?? []).map(({ property }) => property);
}

type Search = { readonly logicalId: string; readonly slot: Slot; readonly values: TemplateValues };

function slotReferences(search: Search, holder: Holder, key: string | number): readonly ObjectReference[] {
  const { logicalId, slot, values } = search;
  const value = holder[key];
  const choice = isMapping(value) ? value['Fn::If'] : undefined;
  if (Array.isArray(choice)) return [1, 2].flatMap((arm) => slotReferences(search, choice as unknown as Holder, arm));
  const found = read(value, slot.form, values);
  if (found === null) return [];
  return [
    {
      logicalId,
      property: slot.property,
      holds: slot.holds,
      ...found,
      pointAt: (place) => {
        holder[key] = written(value, slot.form, place);
      },
    },
  ];
}

type Found = Pick<ObjectReference, 'location' | 'unknown' | 'defaults'>;

/** Null where the property names no object: inline code, an image, another application. */
function read(value: unknown, form: Form, values: TemplateValues): Found | null {
  if (typeof value === 'string') return readText(value, form, []);
  if (!isMapping(value)) return null;
  if (form.type === 'fields' && value[form.names.bucket] !== undefined) return readFields(value, form.names, values);
  if (!isIntrinsic(value)) return null;
  const whole = values.textOf(value);
  if (whole.type === 'unknown') return unknown(whole.because);
  return readText(whole.text, form, whole.defaults) ?? unknown(`it comes to ${whole.text}, which is no address in S3`);
}

function readFields(value: Mapping, names: FieldNames, values: TemplateValues): Found {
  const bucket = values.textOf(value[names.bucket]);
  if (bucket.type === 'unknown') return unknown(bucket.because);
  const key = values.textOf(value[names.key]);
  if (key.type === 'unknown') return unknown(key.because);
  const version = value[names.version] === undefined ? null : values.textOf(value[names.version]);
  if (version?.type === 'unknown') return unknown(version.because);
  const defaults = [bucket, key, version].flatMap((part) => part?.defaults ?? []);
  return known({ type: 's3', bucket: bucket.text, key: key.text, version: version?.text ?? null }, defaults);
}

function readText(text: string, form: Form, defaults: readonly string[]): Found | null {
  if (form.type === 'url') return /^https?:\/\//.test(text) ? known({ type: 'url', url: text }, defaults) : null;
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(text);
  return match === null ? null : known({ type: 's3', bucket: match[1]!, key: match[2]!, version: null }, defaults);
}

function known(location: Location, defaults: readonly string[]): Found {
  const words = location.type === 'url' ? location.url : `${location.bucket}/${location.key}`;
  // A loop of the template writes its own names into texts.
  if (words.includes('${')) return unknown('a loop of the template makes the name');
  return { location, unknown: null, defaults: [...new Set(defaults)] };
}

function unknown(because: string): Found {
  return { location: null, unknown: because, defaults: [] };
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
      const kept =
        isMapping(value) && !isIntrinsic(value)
          ? Object.entries(value).filter(([name]) => !form.names.pins.includes(name))
          : [];
      return { ...Object.fromEntries(kept), [form.names.bucket]: text(bucket), [form.names.key]: key };
    }
    default:
      return unreachable(form);
  }
}
