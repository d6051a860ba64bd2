import { AwsError } from '../kernel/contract.js';
import { notSimulated } from './s3-simulated.js';

/** Bytes `from` to `to`, both included. */
export type Span = { readonly from: number; readonly to: number };

/** What a Range header asks of an object of that many bytes; throws InvalidRange where it has none of them. */
export function spanOf(range: string, length: number): Span {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  if ((first === '' && last === '') || (first !== '' && last !== '' && Number(first) > Number(last)))
    throw notSimulated('A Range that is not a single range of bytes');
  const from = first === '' ? Math.max(0, length - Number(last)) : Number(first);
  if (from >= length) {
    throw new AwsError('InvalidRange', 'The requested range is not satisfiable', 416, {
      RangeRequested: range,
      ActualObjectSize: length,
    });
  }
  return { from, to: first === '' || last === '' ? length - 1 : Math.min(Number(last), length - 1) };
}
