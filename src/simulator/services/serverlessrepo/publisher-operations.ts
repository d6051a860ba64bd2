import type { Handler, World } from '../../kernel/contract.js';
import { checkOwned } from './access.js';
import type { Application, PolicyStatement } from './application.js';
import { newVersion } from './publishing.js';
import { badRequest, conflict } from './refusals.js';
import { newPlace, serve } from './served-template.js';
import { applicationArn, find, type Shelf } from './shelf.js';
import { applicationView, versionView } from './views.js';

/** What publishers do: an application belongs to the account and Region that created it, and is private until its policy says otherwise. */
export function publisherOperations(world: World, shelf: Shelf): Record<string, Handler> {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a handler's input
  const publish = (application: Application, input: any) => {
    if (application.versions.has(input.SemanticVersion))
      throw conflict(`Version '${input.SemanticVersion}' of application '${application.id}' already exists`);
    const version = newVersion(world, application.id, input.SemanticVersion, input);
    application.versions.set(version.semanticVersion, version);
    const place = newPlace(world, application, version, application.account, application.region);
    serve(world, version, place, application.region);
    return versionView(application, version, place.url);
  };

  return {
    CreateApplication: (input, call) => {
      if (!/^[a-zA-Z0-9-]{1,140}$/.test(input.Name))
        throw badRequest('Name may only contain letters, digits and hyphens');
      const id = applicationArn(world, call.region, call.principal.accountId, input.Name);
      if (shelf.has(id)) throw conflict(`Application with id '${id}' already exists`);
      const application: Application = {
        id,
        name: input.Name,
        account: call.principal.accountId,
        region: call.region,
        author: input.Author,
        description: input.Description,
        homePageUrl: input.HomePageUrl,
        spdxLicenseId: input.SpdxLicenseId,
        labels: input.Labels ?? [],
        verified: false,
        createdAt: world.clock.now(),
        policy: [],
        versions: new Map(),
      };
      const version = input.SemanticVersion === undefined ? undefined : publish(application, input);
      shelf.set(id, application);
      return { ...applicationView(application), Version: version };
    },
    CreateApplicationVersion: (input, call) => {
      const application = find(shelf, input.ApplicationId);
      checkOwned(application, call);
      return publish(application, input);
    },
    DeleteApplication: (input, call) => {
      const application = find(shelf, input.ApplicationId);
      checkOwned(application, call);
      shelf.delete(application.id);
      return {};
    },
    PutApplicationPolicy: (input, call) => {
      const application = find(shelf, input.ApplicationId);
      checkOwned(application, call);
      application.policy = (input.Statements as readonly PolicyStatement[]).map((statement) => ({
        StatementId: world.identifiers.uuid(),
        ...statement,
      }));
      return { Statements: application.policy };
    },
    GetApplicationPolicy: (input, call) => {
      const application = find(shelf, input.ApplicationId);
      checkOwned(application, call);
      return { Statements: application.policy };
    },
  };
}
