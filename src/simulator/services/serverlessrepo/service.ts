import type { Handler, Service, World } from '../../kernel/contract.js';
import { permitted } from './access.js';
import { deployerOperations } from './deployer-operations.js';
import { pageOf } from './pages.js';
import { publisherOperations } from './publisher-operations.js';
import { locationKey } from './publishing.js';
import { packagedTemplate } from './served-template.js';
import { sharingOperations } from './sharing-operations.js';
import { chosenVersion, inOrder, stockedShelf, type Shelf } from './shelf.js';
import { applicationSummary, applicationView, versionSummary, versionView } from './views.js';

/**
 * The Serverless Application Repository, stocked with the catalog of stand-ins; tests publish what else they need through it.
 * `createChangeSet` is the handler of CloudFormation's CreateChangeSet.
 */
export function createServerlessRepository(world: World, createChangeSet: Handler): { readonly service: Service } {
  const shelf = stockedShelf(world);
  const operations = {
    ...readerOperations(world, shelf),
    ...deployerOperations(world, shelf, createChangeSet),
    ...publisherOperations(world, shelf),
    ...sharingOperations(world, shelf),
  };
  return { service: { id: 'serverlessrepo', operations } };
}

function readerOperations(world: World, shelf: Shelf): Record<string, Handler> {
  return {
    GetApplication: (input, call) => {
      const application = permitted(world, shelf, input.ApplicationId, call, 'GetApplication');
      const version = chosenVersion(application, input.SemanticVersion);
      if (version === undefined) return applicationView(application);
      const url = packagedTemplate(world, application, version, call);
      return { ...applicationView(application), Version: versionView(application, version, url) };
    },
    ListApplications: (input, call) => {
      const own = [...shelf.values()].filter(
        ({ account, region }) => account === call.principal.accountId && region === call.region,
      );
      const page = pageOf(own, ({ id }) => id, input);
      return { Applications: page.items.map(applicationSummary), NextToken: page.NextToken };
    },
    ListApplicationVersions: (input, call) => {
      const application = permitted(world, shelf, input.ApplicationId, call, 'ListApplicationVersions');
      const page = pageOf(inOrder(application), ({ semanticVersion }) => semanticVersion, input);
      return { Versions: page.items.map((version) => versionSummary(application, version)), NextToken: page.NextToken };
    },
    ListApplicationDependencies: (input, call) => {
      const application = permitted(world, shelf, input.ApplicationId, call, 'ListApplicationDependencies');
      const nested = chosenVersion(application, input.SemanticVersion)?.nested ?? [];
      const page = pageOf(nested, locationKey, input);
      return {
        Dependencies: page.items.map(({ applicationId, semanticVersion }) => ({
          ApplicationId: applicationId,
          SemanticVersion: semanticVersion,
        })),
        NextToken: page.NextToken,
      };
    },
  };
}
