import type { Json, JsonObject } from '../json.js';
import { refusedResource } from '../serverless-refusal.js';
import { codeLocation } from './code.js';
import { isGiven, shown } from './values.js';
import type { Work } from './work.js';

const present = (value: Json | undefined): value is Json => value !== undefined && value !== null;

/** A function's code: inline, in S3, or an image. A code resolver finds code where nothing says where it is. */
export function functionCode(work: Work, logicalId: string, properties: JsonObject): JsonObject {
  const { PackageType, InlineCode, CodeUri, ImageUri, SourceKMSKeyArn } = properties;
  const type = isGiven(PackageType) ? PackageType : 'Zip';
  if (type === 'Image') {
    if (!present(ImageUri)) throw refusedResource(logicalId, "'ImageUri' must be set.");
    if (ImageUri === '')
      throw refusedResource(logicalId, "'ImageUri' requires that a image hosted at a registry be specified.");
    return { ImageUri };
  }
  if (type !== 'Zip') throw refusedResource(logicalId, `invalid 'PackageType' : ${shown(type)}`);
  const key: JsonObject = isGiven(SourceKMSKeyArn) ? { SourceKMSKeyArn } : {};
  if (present(InlineCode)) return { ZipFile: InlineCode, ...key };
  if (!present(CodeUri) && work.code === undefined)
    throw refusedResource(logicalId, "Only one of 'InlineCode' or 'CodeUri' can be set.");
  return { ...codeLocation(logicalId, 'CodeUri', CodeUri, work.code), ...key };
}
