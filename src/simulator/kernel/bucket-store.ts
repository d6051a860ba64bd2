import { createHash } from 'node:crypto';
import type { ObjectStore, VirtualClock } from './contract.js';
import { s3Address } from './s3-address.js';

export type StoredObject = {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly modifiedAt: Date;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Base64; null where whoever put it did not ask for this checksum. */
  readonly checksumSha256: string | null;
};

export type Bucket = {
  readonly name: string;
  /** Null for a bucket of AWS itself, which no account may write to. */
  readonly owner: string | null;
  /** Null where it answers in every Region. */
  readonly region: string | null;
  readonly createdAt: Date;
  readonly objects: Map<string, StoredObject>;
};

type About = {
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly checksum?: 'sha256' | 'none' | undefined;
};

/** Buckets and their objects. One name space for everybody, as S3's is. */
export class BucketStore implements ObjectStore {
  readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: VirtualClock) {}

  /** A bucket of AWS itself that is there from the beginning, with what is in it. */
  publish(name: string, region: string, objects: readonly StoredObject[]): void {
    const bucket = this.create(name, null, region);
    for (const stored of objects) bucket.objects.set(stored.key, stored);
  }

  create(name: string, owner: string | null, region: string | null): Bucket {
    const bucket: Bucket = { name, owner, region, createdAt: this.clock.now(), objects: new Map() };
    this.buckets.set(name, bucket);
    return bucket;
  }

  store(bucket: Bucket, key: string, bytes: Uint8Array, about: About = {}): StoredObject {
    const stored = storedObject(key, bytes, this.clock.now(), about);
    bucket.objects.set(key, stored);
    return stored;
  }

  put(bucket: string, key: string, bytes: Uint8Array, region?: string): void {
    this.store(this.buckets.get(bucket) ?? this.create(bucket, null, region ?? null), key, bytes);
  }

  remove(bucket: string, key: string): void {
    this.buckets.get(bucket)?.objects.delete(key);
  }

  get(bucket: string, key: string): Uint8Array | undefined {
    return this.buckets.get(bucket)?.objects.get(key)?.bytes;
  }

  fetch(url: string): Uint8Array | undefined {
    if (!URL.canParse(url)) return undefined;
    const { hostname, pathname } = new URL(url);
    const { bucket, path } = s3Address({ hostname, path: pathname });
    if (bucket === undefined || /%(?![0-9a-f]{2})/i.test(path)) return undefined;
    return this.get(bucket, decodeURIComponent(path.slice(1)));
  }
}

/** An object as S3 keeps it; made once, it may lie in the buckets of many worlds. */
export function storedObject(key: string, bytes: Uint8Array, modifiedAt: Date, about: About = {}): StoredObject {
  return {
    key,
    bytes,
    etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    modifiedAt,
    contentType: about.contentType ?? 'application/octet-stream',
    metadata: about.metadata ?? {},
    checksumSha256: about.checksum === 'sha256' ? createHash('sha256').update(bytes).digest('base64') : null,
  };
}
