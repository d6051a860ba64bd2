import { compare } from 'semver';
import type { Call, World } from '../../kernel/contract.js';
import { CATALOG } from '../../catalog/catalog.js';
import { checkReadable } from './access.js';
import { PUBLIC, type Application, type ApplicationVersion } from './application.js';
import { newVersion } from './publishing.js';
import { notFound } from './refusals.js';

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
    const versions = publication.versions.map((version) =>
      newVersion(world, id, version, { TemplateBody: standIn.template(version), SourceCodeUrl: standIn.homePageUrl }),
    );
    shelf.set(id, {
      id,
      name: standIn.name,
      account,
      region,
      author: standIn.author,
      description: standIn.description,
      homePageUrl: standIn.homePageUrl,
      spdxLicenseId: standIn.spdxLicenseId,
      labels: standIn.labels,
      verified: true,
      createdAt: world.clock.now(),
      policy: [PUBLIC],
      versions: new Map(versions.map((version) => [version.semanticVersion, version])),
    });
  }
  return shelf;
}

export function find(shelf: Shelf, id: string): Application {
  const application = shelf.get(id);
  if (application === undefined) throw notFound(`No application found with ID '${id}'`);
  return application;
}

export function readable(world: World, shelf: Shelf, id: string, call: Call): Application {
  const application = find(shelf, id);
  checkReadable(world, application, call);
  return application;
}

/** In semantic order, oldest first: 1.1.632 comes before 1.1.671, and 1.10.0 after 1.9.0. */
export const inOrder = (application: Application): readonly ApplicationVersion[] =>
  [...application.versions.values()].sort((left, right) => compare(left.semanticVersion, right.semanticVersion));

/** The version asked for; the newest where none is, undefined where there is none at all. */
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
