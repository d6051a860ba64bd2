import type { Call, Handler, World } from '../../kernel/contract.js';
import type { Application, ApplicationVersion } from './application.js';
import { badRequest, notFound } from './refusals.js';
import { newPlace, serve } from './served-template.js';
import { chosenVersion, readable, type Shelf } from './shelf.js';

const LIFETIME_SECONDS = 3600;
/** How long a template is PREPARING; seconds. */
const PREPARATION = { least: 3, most: 12 };

type Prepared = {
  readonly id: string;
  readonly application: Application;
  readonly version: ApplicationVersion;
  readonly owner: string;
  readonly region: string;
  readonly url: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  status: 'PREPARING' | 'ACTIVE' | 'EXPIRED';
};

const view = (prepared: Prepared) => ({
  ApplicationId: prepared.application.id,
  CreationTime: prepared.createdAt.toISOString(),
  ExpirationTime: prepared.expiresAt.toISOString(),
  SemanticVersion: prepared.version.semanticVersion,
  Status: prepared.status,
  TemplateId: prepared.id,
  TemplateUrl: prepared.url,
});

/** Templates that are prepared on demand: nothing lies at their URL before they are ACTIVE, and after an hour they are EXPIRED. */
export function templateOperations(world: World, shelf: Shelf): Record<string, Handler> {
  const templates = new Map<string, Prepared>();

  function prepare(application: Application, version: ApplicationVersion, call: Call): Prepared {
    const { accountId } = call.principal;
    const place = newPlace(world, application, version, accountId, call.region);
    const now = world.clock.now();
    const prepared: Prepared = {
      id: world.identifiers.uuid(),
      application,
      version,
      owner: accountId,
      region: call.region,
      url: place.url,
      createdAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_SECONDS * 1000),
      status: 'PREPARING',
    };
    templates.set(prepared.id, prepared);
    world.clock.after(world.identifiers.between(PREPARATION.least, PREPARATION.most, prepared.id), () => {
      serve(world, version, place, call.region);
      prepared.status = 'ACTIVE';
    });
    world.clock.after(LIFETIME_SECONDS, () => {
      prepared.status = 'EXPIRED';
    });
    return prepared;
  }

  return {
    CreateCloudFormationTemplate: (input, call) => {
      const application = readable(world, shelf, input.ApplicationId, call);
      const version = chosenVersion(application, input.SemanticVersion);
      if (version === undefined) throw badRequest(`Application '${application.id}' has no versions`);
      return view(prepare(application, version, call));
    },
    GetCloudFormationTemplate: (input, call) => {
      const prepared = templates.get(input.TemplateId);
      const known =
        prepared?.application.id === input.ApplicationId &&
        prepared?.owner === call.principal.accountId &&
        prepared?.region === call.region;
      if (prepared === undefined || !known) throw notFound(`No template found with ID '${input.TemplateId}'`);
      return view(prepared);
    },
  };
}
