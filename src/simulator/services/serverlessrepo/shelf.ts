import { compare, compareBuild } from 'semver';
import type { World } from '../../kernel/contract.js';
import { CATALOG } from '../../catalog/catalog.js';
import type { StandIn } from '../../catalog/stand-in.js';
import { PUBLIC, type Application, type ApplicationVersion } from './application.js';
import { newVersion } from './publishing.js';
import { badRequest, notFound } from './refusals.js';

/** Every published application, by ARN. */
export type Shelf = Map<string, Application>;

export const applicationArn = (world: World, region: string, account: string, name: string): string =>
  `arn:${world.partition}:serverlessrepo:${region}:${account}:applications/${name}`;

/** The shelf as a new simulator has it: the catalog of stand-ins, public. */
export function stockedShelf(world: World): Shelf {
  const shelf: Shelf = new Map();
  for (const standIn of CATALOG) {
    const publication = standIn.publications[world.partition];
    if (publication === undefined) continue;
    const { account, region } = publication;
    const id = applicationArn(world, region, account, standIn.name);
    const versions = publication.versions.map((version) => stockedVersion(world, standIn, id, version));
    shelf.set(id, {
      id,
      name: standIn.name,
      account,
      region,
      spdxLicenseId: standIn.spdxLicenseId,
      licenseUrl: undefined,
      verified: true,
      createdAt: world.clock.now(),
      details: {
        author: standIn.author,
        description: standIn.description,
        homePageUrl: standIn.homePageUrl,
        readmeUrl: undefined,
        labels: standIn.labels,
      },
      policy: [PUBLIC],
      versions: new Map(versions.map((version) => [version.semanticVersion, version])),
      unsharedBy: new Set(),
    });
  }
  return shelf;
}

/** What a version of a stand-in comes to, by ARN and version: the same in every simulator of a process. */
const expandedVersions = new Map<string, ApplicationVersion>();

function stockedVersion(world: World, standIn: StandIn, application: string, version: string): ApplicationVersion {
  const key = `${application} ${version}`;
  const known =
    expandedVersions.get(key) ??
    newVersion(
      world,
      { application, semanticVersion: version },
      { TemplateBody: standIn.template(version), SourceCodeUrl: standIn.homePageUrl },
      () => undefined,
    );
  expandedVersions.set(key, known);
  return { ...known, createdAt: world.clock.now() };
}

/** In semantic order, oldest first: 1.1.632 comes before 1.1.671, 1.9.0 before 1.10.0, and 2.0.0-beta before 2.0.0. */
export const inOrder = (application: Application): readonly ApplicationVersion[] =>
  [...application.versions.values()].sort(
    ({ semanticVersion: left }, { semanticVersion: right }) => compare(left, right) || compareBuild(left, right),
  );

/** The version asked for, or the newest where none is; undefined where there is none at all. */
export function chosenVersion(
  application: Application,
  semanticVersion: string | undefined,
): ApplicationVersion | undefined {
  if (semanticVersion === undefined) return inOrder(application).at(-1);
  const version = application.versions.get(semanticVersion);
  if (version === undefined)
    throw notFound(`No version '${semanticVersion}' found for application '${application.id}'`);
  return version;
}

/** A version to deploy: an application without one has nothing that could be. */
export function deployableVersion(application: Application, semanticVersion: string | undefined): ApplicationVersion {
  const version = chosenVersion(application, semanticVersion);
  if (version === undefined) throw badRequest(`Application '${application.id}' has no versions`);
  return version;
}
