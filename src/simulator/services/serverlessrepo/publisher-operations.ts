import type {
  CreateApplicationRequest,
  CreateApplicationVersionRequest,
  UpdateApplicationRequest,
} from '@aws-sdk/client-serverlessapplicationrepository';
import type { Call, Handler, World } from '../../kernel/contract.js';
import { owned, permitted } from './access.js';
import type { Application } from './application.js';
import { checkDetails, checkName, type Described } from './details.js';
import { keptDocument } from './published-objects.js';
import { newVersion, type Source } from './publishing.js';
import { conflict } from './refusals.js';
import { packagedTemplate } from './served-template.js';
import { applicationArn, deployableVersion, type Shelf } from './shelf.js';
import { applicationView, versionView } from './views.js';

type Creation = CreateApplicationRequest & Described & Source;
type Update = UpdateApplicationRequest & Described;

/** What publishers do: an application belongs to the account and Region that created it, and is private until its policy says otherwise. */
export function publisherOperations(world: World, shelf: Shelf): Record<string, Handler> {
  return {
    CreateApplication: (input: Creation, call) => createApplication(world, shelf, input, call),
    CreateApplicationVersion: (input: CreateApplicationVersionRequest & Source, call) =>
      publish(world, shelf, owned(shelf, input.ApplicationId!, call), input.SemanticVersion!, input, call),
    UpdateApplication: (input: Update, call) => {
      const application = owned(shelf, input.ApplicationId!, call);
      checkDetails(input);
      const { details } = application;
      application.details = {
        author: input.Author ?? details.author,
        description: input.Description ?? details.description,
        homePageUrl: input.HomePageUrl ?? details.homePageUrl,
        readmeUrl: readme(world, call, input) ?? details.readmeUrl,
        labels: input.Labels ?? details.labels,
      };
      return applicationView(application);
    },
    DeleteApplication: (input: { readonly ApplicationId: string }, call) => {
      shelf.delete(owned(shelf, input.ApplicationId, call).id);
      return {};
    },
  };
}

function createApplication(world: World, shelf: Shelf, input: Creation, call: Call) {
  checkName(input.Name!);
  checkDetails(input);
  const { accountId: account } = call.principal;
  const id = applicationArn(world, call.region, account, input.Name!);
  if (shelf.has(id)) throw conflict(`Application with id ${id} already exists`);
  const application: Application = {
    id,
    name: input.Name!,
    account,
    region: call.region,
    spdxLicenseId: input.SpdxLicenseId,
    licenseUrl: keptDocument(world, call.region, { what: 'License', body: input.LicenseBody, link: input.LicenseUrl }),
    verified: false,
    createdAt: world.clock.now(),
    details: {
      author: input.Author!,
      description: input.Description!,
      homePageUrl: input.HomePageUrl,
      readmeUrl: readme(world, call, input),
      labels: input.Labels ?? [],
    },
    policy: [],
    versions: new Map(),
    unsharedBy: new Set(),
  };
  const Version =
    input.SemanticVersion === undefined
      ? undefined
      : publish(world, shelf, application, input.SemanticVersion, input, call);
  shelf.set(id, application);
  return { ...applicationView(application), Version };
}

function publish(
  world: World,
  shelf: Shelf,
  application: Application,
  semanticVersion: string,
  source: Source,
  call: Call,
) {
  if (application.versions.has(semanticVersion))
    throw conflict(`Version '${semanticVersion}' of application '${application.id}' already exists`);
  const version = newVersion(world, { application: application.id, semanticVersion }, source, (nested) => {
    const asking = { ...call, operation: 'GetApplication' };
    deployableVersion(permitted(world, shelf, nested.applicationId, asking, 'GetApplication'), nested.semanticVersion);
  });
  application.versions.set(semanticVersion, version);
  return versionView(application, version, packagedTemplate(world, application, version, call));
}

const readme = (world: World, call: Call, input: Creation | Update): string | undefined =>
  keptDocument(world, call.region, { what: 'Readme', body: input.ReadmeBody, link: input.ReadmeUrl });
