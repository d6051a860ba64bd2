import type { WireRequest } from './message.js';
import { Malformed } from './scalar.js';

const LINE_END = '\r\n';

/** The bytes that were meant: clients that stream send them in chunks inside the body, with a checksum after the last one. */
export function decodeChunks(request: WireRequest): Uint8Array {
  const chunked =
    request.headers['content-encoding']?.includes('aws-chunked') === true ||
    request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  if (!chunked) return request.body;
  const source = Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
  const chunks: Buffer[] = [];
  for (let position = 0; ;) {
    const end = source.indexOf(LINE_END, position);
    const size = end < 0 ? NaN : parseInt(source.toString('latin1', position, end), 16);
    if (Number.isNaN(size) || end + LINE_END.length + size > source.length)
      throw new Malformed('the body is not in chunks');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(source.subarray(end + LINE_END.length, end + LINE_END.length + size));
    position = end + LINE_END.length + size + LINE_END.length;
  }
}
