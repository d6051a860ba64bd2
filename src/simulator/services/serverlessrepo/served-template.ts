import { stringify } from 'yaml';
import type { Call, World } from '../../kernel/contract.js';
import { permitted } from './access.js';
import type { Application, ApplicationVersion } from './application.js';
import { contentName } from './code-archive.js';
import { objectUrl } from './published-objects.js';
import { codeKey, expanded, locationKey } from './publishing.js';
import { deployableVersion, type Shelf } from './shelf.js';

/** A place of its own for every call: the bucket's name, and the account that asks, are part of what is served. */
function newPlace(world: World, application: Application, version: ApplicationVersion, call: Call, file: string) {
  const bucket = `awsserverlessrepo-changesets-${world.identifiers.alphanumeric(13).toLowerCase()}`;
  const folder = `${call.principal.accountId}/${application.id.replace('/', '-')}-versions-${version.semanticVersion}`;
  const key = `${folder}/${world.identifiers.uuid()}/${file}`;
  return { bucket, folder, key, url: objectUrl(world, { bucket, key, region: call.region }) };
}

/** The link to the template as its publisher packaged it. */
export function packagedTemplate(
  world: World,
  application: Application,
  version: ApplicationVersion,
  call: Call,
): string {
  const { bucket, key, url } = newPlace(world, application, version, call, 'template.yaml');
  world.objects.put(bucket, key, Buffer.from(version.template), call.region);
  return url;
}

/** An expanded template with the code that it names, and with the templates of the applications that it nests. */
export type ServedTemplate = {
  readonly url: string;
  /** Puts all of it there. */
  put(): void;
  /** Takes the templates away; code stays, for the stacks that run it. */
  remove(): void;
};

/** Whoever may not deploy an application that is nested may not deploy the one that nests it either. */
export function servedTemplate(
  world: World,
  shelf: Shelf,
  application: Application,
  version: ApplicationVersion,
  call: Call,
): ServedTemplate {
  const place = newPlace(world, application, version, call, 'transformed-template.yaml');
  const nested = new Map(
    version.nested.map((location): [string, ServedTemplate] => {
      const inner = permitted(world, shelf, location.applicationId, call, 'CreateCloudFormationTemplate');
      const innerVersion = deployableVersion(inner, location.semanticVersion);
      return [locationKey(location), servedTemplate(world, shelf, inner, innerVersion, call)];
    }),
  );
  return {
    url: place.url,
    put() {
      for (const each of nested.values()) each.put();
      const template = expanded(version.template, {
        code: (uri) => {
          const bytes = version.code.get(codeKey(uri))!;
          const key = `${place.folder}/${contentName(bytes)}`;
          world.objects.put(place.bucket, key, bytes, call.region);
          return { S3Bucket: place.bucket, S3Key: key };
        },
        nested: (location) => nested.get(locationKey(location))!.url,
        region: call.region,
      });
      // Anchors would be aliases, which CloudFormation does not read.
      const text = stringify(template, { schema: 'core', lineWidth: 0, aliasDuplicateObjects: false });
      world.objects.put(place.bucket, place.key, Buffer.from(text), call.region);
    },
    remove() {
      for (const each of nested.values()) each.remove();
      world.objects.remove(place.bucket, place.key);
    },
  };
}
