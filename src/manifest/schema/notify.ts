import * as z from 'zod';
import { NOTICE_KINDS } from '../../model/notice.js';
import { judged, strict } from './strict.js';

/** Rehearsals listen on the machine itself; everything else is encrypted on its way. */
const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
const CREDENTIAL = /token|secret|password|passwd|api[-_]?key|signature|^sig$|^key$/i;

/** An address that is told something: https, and without credentials, because everybody who reads the repository reads it. */
export const Listener = judged(/^https?:\/\/\S+$/, 'write an https URL', listenerMistake);

function listenerMistake(text: string) {
  if (!URL.canParse(text))
    return mistake('the URL cannot be read', 'write an https URL such as https://hooks.example.com/evenkeel');
  const { protocol, hostname, username, password, hash, searchParams } = new URL(text);
  if (username !== '' || password !== '')
    return mistake(
      'the URL holds credentials, and everybody who can read the repository can read them',
      'remove them; secretEnv and tokenEnv name what is secret',
    );
  if (protocol !== 'https:' && !LOCAL.has(hostname))
    return mistake(
      `${hostname} would be told without encryption`,
      'write https; http is for localhost and 127.0.0.1 only',
    );
  if (hash !== '') return mistake(`no server is told of ${hash}`, 'remove it from the URL');
  const credential = [...searchParams.keys()].find((name) => CREDENTIAL.test(name));
  return credential === undefined
    ? null
    : mistake(
        `the URL holds ${credential}, and everybody who can read the repository can read it`,
        'remove it; secretEnv and tokenEnv name what is secret',
      );
}

const mistake = (message: string, remedy: string) => ({ code: 'EK2014', message, remedy }) as const;

/** The name, never the value, which has no place in Git. */
const EnvironmentVariable = z
  .string()
  .max(128)
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'write the name of an environment variable, such as EVENKEEL_WEBHOOK_SECRET');

/** What tells the three apart stands in `channels.ts`: one mapping has better messages than three. */
export const Channel = strict({
  sns: z
    .string()
    .regex(
      /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/,
      'write the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:evenkeel',
    )
    .optional(),
  webhook: Listener.optional(),
  secretEnv: EnvironmentVariable.optional(),
  github: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[\w.-]{1,100}$/, 'write owner/name of a repository')
    .optional(),
  labels: z.array(z.string().min(1).max(50)).max(20).optional(),
  tokenEnv: EnvironmentVariable.optional(),
  apiUrl: Listener.optional(),
  on: z.array(z.enum(NOTICE_KINDS)).min(1).max(NOTICE_KINDS.length).optional(),
}).meta({ oneOf: [{ required: ['sns'] }, { required: ['webhook'] }, { required: ['github'] }] });
export type Channel = z.infer<typeof Channel>;
