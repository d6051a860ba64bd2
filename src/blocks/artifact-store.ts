import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import type { Aws } from '../aws/contract.js';
import { classify } from '../aws/errors.js';
import type { Artifact } from '../model/artifact.js';
import { sha256 } from '../model/canonical.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Region } from '../model/identifiers.js';
import { ArtifactsNotPublished } from '../reconciler/ports.js';
import type { ArtifactStore, IamAction } from '../reconciler/ports.js';
import { dnsSuffixOf } from '../model/partitions.js';
import { fillBucket, objectKey } from './artifact-bucket.js';

export type ArtifactStoreOptions = {
  readonly aws: Aws;
  /** The Controller's pattern, with `${account.id}` and `${region}`. */
  readonly bucketPattern: string;
};

/** What the store may call, with the reason. */
export const ARTIFACT_STORE_ACTIONS: readonly IamAction[] = [
  {
    action: 's3:GetObject',
    role: 'controller',
    reason: 'to see whether a template or its code is in the artifact bucket already, byte for byte',
  },
  {
    action: 's3:PutObject',
    role: 'controller',
    reason: 'to put templates and their code into the artifact bucket of each Region',
  },
];

const AT_ONCE = 4;
const ATTEMPTS = 3;

type Upload = { readonly bucket: string; readonly key: string; readonly bytes: Uint8Array };

/**
 * S3 buckets, one in each Region, in which every key names its content. What was seen to be there is not asked for again
 * as long as the store lives, and callers that need the same key at once share the one request.
 */
export function createArtifactStore({ aws, bucketPattern }: ArtifactStoreOptions): ArtifactStore & {
  /** Only what the template refers to: for a template that is given inline. */
  publishObjects(artifact: Artifact, region: Region, signal: AbortSignal): Promise<void>;
} {
  const ensured = new Map<string, Promise<void>>();
  const limit = pLimit(AT_ONCE);

  function ensureOnce(upload: Upload, region: Region, signal: AbortSignal): Promise<void> {
    const id = `${region} ${upload.bucket} ${upload.key}`;
    const known = ensured.get(id);
    if (known !== undefined) return known;
    const upcoming = limit(() => ensure(upload, region, signal)).catch((error: unknown) => {
      ensured.delete(id);
      throw error;
    });
    ensured.set(id, upcoming);
    return upcoming;
  }

  async function ensure(upload: Upload, region: Region, signal: AbortSignal): Promise<void> {
    const owner = await aws.controllerAccount();
    const s3 = aws.s3(region);
    const place = { Bucket: upload.bucket, Key: upload.key, ExpectedBucketOwner: owner };
    const checksum = base64Sha256(upload.bytes);

    // Observe: without s3:ListBucket, S3 says 403 of a key that is not there.
    async function isThere(): Promise<boolean> {
      const present = await s3
        .send(new HeadObjectCommand({ ...place, ChecksumMode: 'ENABLED' }), { abortSignal: signal })
        .catch((error: unknown) => {
          if (statusOf(error) === 404 || statusOf(error) === 403) return null;
          throw refused(error, upload, region);
        });
      if (present === null) return false;
      if ((present.ContentLength ?? upload.bytes.length) !== upload.bytes.length) throw occupied(upload, region);
      // Who uploads in another way has S3 keep another checksum, or one of the parts' checksums: then only the bytes tell.
      const reported = present.ChecksumType === 'COMPOSITE' ? undefined : present.ChecksumSHA256;
      if ((reported ?? (await checksumOfBytes())) !== checksum) throw occupied(upload, region);
      return true;
    }

    async function checksumOfBytes(): Promise<string> {
      try {
        const { Body } = await s3.send(new GetObjectCommand(place), { abortSignal: signal });
        return base64Sha256((await Body?.transformToByteArray()) ?? new Uint8Array());
      } catch (error) {
        throw refused(error, upload, region);
      }
    }

    if (await isThere()) return;
    // Ensure: 412 means that somebody put something there in the meantime, 409 that somebody is about to.
    for (let attempt = 1; ; attempt += 1) {
      try {
        await s3.send(
          new PutObjectCommand({
            ...place,
            Body: upload.bytes,
            ChecksumAlgorithm: 'SHA256',
            ChecksumSHA256: checksum,
            IfNoneMatch: '*',
          }),
          { abortSignal: signal },
        );
        return;
      } catch (error) {
        const status = statusOf(error);
        if (status === 412 && (await isThere())) return;
        if ((status !== 409 && status !== 412) || attempt === ATTEMPTS) throw refused(error, upload, region);
      }
    }
  }

  async function bucketIn(region: Region): Promise<string> {
    return fillBucket(bucketPattern, await aws.controllerAccount(), region);
  }

  async function publishObjects(artifact: Artifact, region: Region, signal: AbortSignal): Promise<void> {
    const bucket = await bucketIn(region);
    await Promise.all(
      artifact.objects.map(({ sha256: digest, bytes }) =>
        ensureOnce({ bucket, key: objectKey(digest), bytes }, region, signal),
      ),
    );
  }

  return {
    publishObjects,
    async publish(artifact, region, signal) {
      const bucket = await bucketIn(region);
      const bytes = Buffer.from(artifact.template, 'utf8');
      const key = `templates/${sha256(bytes)}.template`;
      await Promise.all([publishObjects(artifact, region, signal), ensureOnce({ bucket, key, bytes }, region, signal)]);
      return { templateUrl: `https://${bucket}.s3.${region}.${dnsSuffixOf(aws.partition)}/${key}` };
    },
  };
}

function base64Sha256(bytes: Uint8Array): string {
  return Buffer.from(sha256(bytes), 'hex').toString('base64');
}

function statusOf(error: unknown): number | undefined {
  return error instanceof Error
    ? (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode
    : undefined;
}

/** The error itself where it is not about the bucket, so that the caller classifies it. */
function refused(error: unknown, { bucket }: Upload, region: Region): unknown {
  const failure = classify(error);
  if (failure.name === 'NoSuchBucket' || (failure.name === 'NotFound' && statusOf(error) === 404)) {
    return notPublished(
      'EK4031',
      `artifact bucket ${bucket} does not exist in ${region}`,
      `create the bucket ${bucket} in ${region}, in the controller's own account, readable for every account of the organization`,
    );
  }
  if (failure.name === 'PermanentRedirect' || statusOf(error) === 301) {
    return notPublished(
      'EK4031',
      `artifact bucket ${bucket} is not in ${region}`,
      `Lambda reads code from its own Region only: put \${region} into the Controller's artifactBucket, and create the bucket that it names in ${region}`,
    );
  }
  if (failure.kind === 'access-denied' || statusOf(error) === 403) {
    return notPublished(
      'EK4032',
      `artifact bucket ${bucket} in ${region} may not be written: ${failure.message}`,
      `see that the bucket belongs to the controller's own account, and allow the controller s3:GetObject and s3:PutObject on arn:*:s3:::${bucket}/*`,
    );
  }
  return error;
}

function occupied({ bucket, key, bytes }: Upload, region: Region): ArtifactsNotPublished {
  return notPublished(
    'EK4033',
    `artifact bucket ${bucket} in ${region} holds something else than the ${bytes.length} bytes that belong under ${key}`,
    'find out who wrote it, then delete the object and run the command again',
  );
}

function notPublished(code: Diagnostic['code'], message: string, remedy: string): ArtifactsNotPublished {
  return new ArtifactsNotPublished({ code, severity: 'error', message, remedy });
}
