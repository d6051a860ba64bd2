import * as z from 'zod';

const text = z.string().min(1).max(2048);
const DURATION =
  /^(?:\d{1,9} (?:millisecond|second|minute|hour|day)s?|P(?!$)(?:\d{1,9}D)?(?:T(?!$)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}S)?)?)$/;
const MATERIAL_PATH = z
  .string()
  .max(512)
  .regex(/^code(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)+$/);

/** One way to write an object of the CDK in YAML. */
export type Form = {
  readonly schema: z.ZodType;
  /** How it is written, for a remedy. */
  readonly example: string;
  /** `props` where forms may stand inside it; `text` where one may stand in its place; `none` where all of it is plain. */
  readonly holds: 'props' | 'text' | 'none';
};

const form = (schema: z.ZodType, example: string, holds: Form['holds'] = 'none'): Form => ({ schema, example, holds });
const existing = (service: string, resource: string): Form =>
  form(
    text.regex(new RegExp(`^arn:[a-z-]+:${service}:`)),
    `an ARN such as arn:aws:${service}:${['s3', 'iam'].includes(service) ? ':' : 'us-east-1:111122223333:'}${resource}`,
    'text',
  );

/**
 * What stands for an object of the CDK: a mapping of this one key. A key that begins with `$` and a capital letter is always a form,
 * so that nothing plain is mistaken for one: an event pattern's `$or` and a JSON schema's `$ref` are plain.
 */
export const FORMS = {
  $Code: form(
    z.union([z.strictObject({ folder: MATERIAL_PATH }), z.strictObject({ inline: z.string().min(1).max(4096) })]),
    '{ folder: code/handler }',
  ),
  $DefinitionBody: form(
    z.union([
      z.strictObject({ json: z.record(z.string(), z.json()) }),
      z.strictObject({ file: MATERIAL_PATH.regex(/\.json$/) }),
    ]),
    '{ json: { StartAt: … } } or { file: code/machine.asl.json }',
  ),
  $Runtime: form(text, 'nodejs22.x'),
  $Duration: form(z.string().regex(DURATION), '5 minutes or PT5M'),
  $Size: form(z.string().regex(/^\d{1,9} (?:KiB|MiB|GiB)$/), '512 MiB'),
  $Schedule: form(z.string().regex(/^(?:rate|cron)\([^()]{1,200}\)$/), 'rate(5 minutes) or cron(0 8 * * ? *)'),
  $Enum: form(
    z.string().regex(/^(?:core|aws-[a-z0-9-]{1,60})(?:\.[A-Z][A-Za-z0-9_]{0,80}){2}$/),
    'aws-logs.RetentionDays.ONE_WEEK',
  ),
  $PolicyStatement: form(
    z.record(z.string(), z.json()),
    '{ Effect: Allow, Action: [s3:GetObject], Resource: ["*"] }',
    'props',
  ),
  $Parameter: form(
    z.union([
      z.string().regex(/^[A-Za-z0-9]{1,255}$/),
      z.strictObject({
        name: z.string().regex(/^[A-Za-z0-9]{1,255}$/),
        type: text.optional(),
        default: z.string().optional(),
        description: text.optional(),
        noEcho: z.boolean().optional(),
      }),
    ]),
    'BucketName or { name: BucketName, default: "" }',
  ),
  $Sub: form(text, '"arn:${AWS::Partition}:s3:::a-bucket"'),
  $Function: existing('lambda', 'function:name'),
  $LayerVersion: existing('lambda', 'layer:name:1'),
  $Bucket: existing('s3', 'name'),
  $Role: form(text.regex(/^arn:[a-z-]+:iam:/), 'an ARN such as arn:aws:iam::111122223333:role/name', 'text'),
  $Topic: existing('sns', 'name'),
  $Queue: existing('sqs', 'name'),
  $Key: existing('kms', 'key/id'),
  $StateMachine: existing('states', 'stateMachine:name'),
  $EventBus: existing('events', 'event-bus/name'),
  $Table: existing('dynamodb', 'table/name'),
  $LogGroup: existing('logs', 'log-group:name'),
  $Secret: existing('secretsmanager', 'secret:name-AbCdEf'),
  $Certificate: existing('acm', 'certificate/id'),
} as const satisfies Readonly<Record<string, Form>>;

export type FormName = keyof typeof FORMS;
/** Something that stands already, by its ARN. */
export type ExistingName = Exclude<FormName, ValueName>;
/** A value that is made of what is written. */
export type ValueName =
  | '$Code'
  | '$DefinitionBody'
  | '$Runtime'
  | '$Duration'
  | '$Size'
  | '$Schedule'
  | '$Enum'
  | '$PolicyStatement'
  | '$Parameter'
  | '$Sub';

export function isFormName(key: string): key is FormName {
  return Object.hasOwn(FORMS, key);
}
