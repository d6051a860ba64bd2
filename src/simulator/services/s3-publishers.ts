import type { SolutionStandIn } from '../catalog/solution-stand-in.js';
import { SOLUTIONS } from '../catalog/solutions.js';
import { storedObject, type BucketStore, type StoredObject } from '../kernel/bucket-store.js';
import { regionsOf } from '../kernel/regions.js';
import { emptyArchive } from './serverlessrepo/code-archive.js';

type Publisher = { readonly bucket: string; readonly region: string; readonly templateHost: string };
type Stock = { readonly bucket: string; readonly region: string; readonly objects: readonly StoredObject[] };

/** Where AWS publishes its solution implementations; a partition that is not named has none. */
const PUBLISHERS: Readonly<Record<string, Publisher>> = {
  aws: { bucket: 'solutions-reference', region: 'us-east-1', templateHost: '-reference.s3.amazonaws.com/' },
  'aws-us-gov': {
    bucket: 'solutions-reference-us-gov',
    region: 'us-gov-west-1',
    templateHost: '-reference-us-gov.s3.us-gov-west-1.amazonaws.com/',
  },
  'aws-cn': {
    bucket: 'solutions-reference-cn',
    region: 'cn-north-1',
    templateHost: '-reference-cn.s3.cn-north-1.amazonaws.com.cn/',
  },
};

const PUBLISHED_AT = new Date('2026-01-01T00:00:00.000Z');

/** By partition; the same bytes lie in every world. */
const stocks = new Map<string, readonly Stock[]>();

/** Fills the buckets from which everybody may read the solutions: one of templates, and one of code in each Region. */
export function publishSolutions(buckets: BucketStore, partition: string): void {
  let stock = stocks.get(partition);
  if (stock === undefined) stocks.set(partition, (stock = stockOf(partition)));
  for (const { bucket, region, objects } of stock) buckets.publish(bucket, region, objects);
}

function stockOf(partition: string): readonly Stock[] {
  const publisher = PUBLISHERS[partition];
  if (publisher === undefined) return [];
  const { bucket, region } = publisher;
  const archives = SOLUTIONS.flatMap(archivesOf);
  return [
    { bucket, region, objects: SOLUTIONS.flatMap((solution) => templatesOf(solution, publisher)) },
    ...regionsOf(partition).map((each) => ({ bucket: `solutions-${each}`, region: each, objects: archives })),
  ];
}

/** Each version under its name, and the newest under `latest` as well: its own references name the version. */
function templatesOf(solution: SolutionStandIn, publisher: Publisher): readonly StoredObject[] {
  const { folder, versions } = solution;
  return versions.flatMap((version) => {
    const edition = { version, prefix: `${folder}/${version}`, templateHost: publisher.templateHost };
    const folders = version === versions.at(-1) ? [version, 'latest'] : [version];
    return Object.entries(solution.templates(edition)).flatMap(([file, text]) =>
      folders.map((each) => storedObject(`${folder}/${each}/${file}`, Buffer.from(text, 'utf8'), PUBLISHED_AT)),
    );
  });
}

function archivesOf({ folder, versions, archives }: SolutionStandIn): readonly StoredObject[] {
  return versions.flatMap((version) =>
    archives.map((archive) => {
      const key = `${folder}/${version}/${archive}`;
      return storedObject(key, emptyArchive(`stand-in for ${key}`), PUBLISHED_AT);
    }),
  );
}
