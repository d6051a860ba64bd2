import { stringify } from 'yaml';
import type { World } from '../../kernel/contract.js';
import type { Application, ApplicationVersion } from './application.js';
import { contentName } from './code-archive.js';
import { codeKey, expanded } from './publishing.js';

/** Where an expanded template will lie; each one has a bucket of its own name. */
export type ServedPlace = {
  readonly bucket: string;
  readonly folder: string;
  readonly key: string;
  readonly url: string;
};

/** Another place for every call: the bucket's name, and the account that asks, are part of what is served. */
export function newPlace(
  world: World,
  application: Application,
  version: ApplicationVersion,
  account: string,
  region: string,
): ServedPlace {
  const bucket = `awsserverlessrepo-changesets-${world.identifiers.alphanumeric(13).toLowerCase()}`;
  const folder = `${account}/${application.id.replace('/', '-')}-versions-${version.semanticVersion}`;
  const key = `${folder}/${world.identifiers.uuid()}/transformed-template.yaml`;
  const suffix = world.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { bucket, folder, key, url: `https://${bucket}.s3.${region}.${suffix}/${key}` };
}

/** Puts the expanded template there, and beside it the code that it names. */
export function serve(world: World, version: ApplicationVersion, place: ServedPlace, region: string): void {
  const template = expanded(version.template, (uri) => {
    const bytes = version.code.get(codeKey(uri))!;
    const key = `${place.folder}/${contentName(bytes)}`;
    world.objects.put(place.bucket, key, bytes, region);
    return { S3Bucket: place.bucket, S3Key: key };
  });
  // Anchors would be aliases, which CloudFormation does not read.
  const text = stringify(template, { schema: 'core', lineWidth: 0, aliasDuplicateObjects: false });
  world.objects.put(place.bucket, place.key, Buffer.from(text), region);
}
