import type { StoredObject } from '../kernel/bucket-store.js';
import { AwsError } from '../kernel/contract.js';
import { notSimulated } from './s3-simulated.js';

type Preconditions = { readonly Key: string; readonly IfMatch?: string; readonly IfNoneMatch?: string };

/** Throws where an object is not to be written over what stands under its key; `standing` is undefined where nothing does. */
export function checkPreconditions(input: Preconditions, standing: StoredObject | undefined): void {
  const { IfMatch, IfNoneMatch } = input;
  if (IfMatch !== undefined && (IfNoneMatch !== undefined || IfMatch === '*'))
    throw notSimulated(IfMatch === '*' ? 'If-Match: *' : 'If-Match together with If-None-Match');
  if (IfNoneMatch !== undefined && standing !== undefined) throw failed('If-None-Match');
  if (IfMatch === undefined) return;
  if (standing === undefined) throw noSuchKey(input.Key);
  if (bare(IfMatch) !== bare(standing.etag)) throw failed('If-Match');
}

export const noSuchKey = (Key: string): AwsError =>
  new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key });

const bare = (etag: string): string => etag.replace(/^"(.*)"$/, '$1');

const failed = (Condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, {
    Condition,
  });
