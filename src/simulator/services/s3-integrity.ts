import { createHash } from 'node:crypto';
import { AwsError } from '../kernel/contract.js';

export type Digests = {
  readonly ContentMD5?: string;
  readonly ChecksumCRC32?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
};

/** Throws where a checksum that came as a header is not that of the bytes; those behind the last chunk of a stream are not looked at. */
export function checkIntegrity(bytes: Uint8Array, given: Digests): void {
  const { ContentMD5, ChecksumCRC32, ChecksumSHA1, ChecksumSHA256 } = given;
  if (ContentMD5 !== undefined) checkMd5(bytes, ContentMD5);
  if (ChecksumCRC32 !== undefined) check('CRC32', ChecksumCRC32, crc32(bytes));
  if (ChecksumSHA1 !== undefined) check('SHA1', ChecksumSHA1, hash('sha1', bytes));
  if (ChecksumSHA256 !== undefined) check('SHA256', ChecksumSHA256, hash('sha256', bytes));
}

function checkMd5(bytes: Uint8Array, given: string): void {
  const right = hash('md5', bytes);
  if (!isDigest(given, right.byteLength))
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.', 400);
  if (given !== right.toString('base64'))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.', 400);
}

function check(algorithm: string, given: string, right: Buffer): void {
  if (!isDigest(given, right.byteLength)) {
    const header = `x-amz-checksum-${algorithm.toLowerCase()}`;
    throw new AwsError('InvalidRequest', `Value for ${header} header is invalid.`, 400);
  }
  if (given !== right.toString('base64')) {
    const message = `The ${algorithm} you specified did not match the calculated checksum.`;
    throw new AwsError('BadDigest', message, 400);
  }
}

function isDigest(text: string, length: number): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.byteLength === length && bytes.toString('base64') === text;
}

const hash = (algorithm: string, bytes: Uint8Array): Buffer => createHash(algorithm).update(bytes).digest();

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  return value;
});

function crc32(bytes: Uint8Array): Buffer {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ CRC_TABLE[(sum ^ byte) & 0xff]!;
  const result = Buffer.alloc(4);
  result.writeUInt32BE((sum ^ 0xffffffff) >>> 0);
  return result;
}
