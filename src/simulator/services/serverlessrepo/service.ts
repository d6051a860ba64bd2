import type { Handler, Service, World } from '../../kernel/contract.js';
import { templateOperations } from './cloudformation-templates.js';
import { pageOf } from './pages.js';
import { publisherOperations } from './publisher-operations.js';
import { newPlace, serve } from './served-template.js';
import { chosenVersion, inOrder, readable, stockedShelf, type Shelf } from './shelf.js';
import { applicationSummary, applicationView, versionSummary, versionView } from './views.js';

/** The Serverless Application Repository, stocked with the catalog of stand-ins; tests publish what else they need through it. */
export function createServerlessRepository(world: World): { readonly service: Service } {
  const shelf = stockedShelf(world);
  const operations = {
    ...readerOperations(world, shelf),
    ...templateOperations(world, shelf),
    ...publisherOperations(world, shelf),
  };
  return { service: { id: 'serverlessrepo', operations } };
}

function readerOperations(world: World, shelf: Shelf): Record<string, Handler> {
  return {
    GetApplication: (input, call) => {
      const application = readable(world, shelf, input.ApplicationId, call);
      const version = chosenVersion(application, input.SemanticVersion);
      if (version === undefined) return applicationView(application);
      const place = newPlace(world, application, version, call.principal.accountId, call.region);
      serve(world, version, place, call.region);
      return { ...applicationView(application), Version: versionView(application, version, place.url) };
    },
    ListApplications: (input, call) => {
      const own = [...shelf.values()].filter(
        ({ account, region }) => account === call.principal.accountId && region === call.region,
      );
      const page = pageOf(own, ({ id }) => id, input);
      return { Applications: page.items.map(applicationSummary), NextToken: page.NextToken };
    },
    ListApplicationVersions: (input, call) => {
      const application = readable(world, shelf, input.ApplicationId, call);
      const page = pageOf(inOrder(application), ({ semanticVersion }) => semanticVersion, input);
      return { Versions: page.items.map((version) => versionSummary(application, version)), NextToken: page.NextToken };
    },
    ListApplicationDependencies: (input, call) => {
      const application = readable(world, shelf, input.ApplicationId, call);
      chosenVersion(application, input.SemanticVersion);
      // An application that nests others cannot be published here, so there are none to list.
      return { Dependencies: [] };
    },
  };
}
