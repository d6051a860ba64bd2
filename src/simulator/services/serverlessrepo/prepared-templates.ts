import type { Call, World } from '../../kernel/contract.js';
import type { Application, ApplicationVersion } from './application.js';
import { notFound } from './refusals.js';
import { servedTemplate } from './served-template.js';
import type { Shelf } from './shelf.js';

const LIFETIME_SECONDS = 3600;
/** How long a template is PREPARING; seconds. */
const PREPARATION = { least: 3, most: 12 };

export type PreparedTemplate = {
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

/** Templates that are prepared on demand: nothing lies at their URL before they are ACTIVE, nor after an hour, when they are EXPIRED. */
export class PreparedTemplates {
  readonly #templates = new Map<string, PreparedTemplate>();

  constructor(
    private readonly world: World,
    private readonly shelf: Shelf,
  ) {}

  prepare(application: Application, version: ApplicationVersion, call: Call): PreparedTemplate {
    const { clock, identifiers } = this.world;
    const served = servedTemplate(this.world, this.shelf, application, version, call);
    const now = clock.now();
    const prepared: PreparedTemplate = {
      id: identifiers.uuid(),
      application,
      version,
      owner: call.principal.accountId,
      region: call.region,
      url: served.url,
      createdAt: now,
      expiresAt: new Date(now.getTime() + LIFETIME_SECONDS * 1000),
      status: 'PREPARING',
    };
    this.#templates.set(prepared.id, prepared);
    clock.after(identifiers.between(PREPARATION.least, PREPARATION.most, prepared.id), () => {
      served.put();
      prepared.status = 'ACTIVE';
    });
    clock.after(LIFETIME_SECONDS, () => {
      served.remove();
      prepared.status = 'EXPIRED';
    });
    return prepared;
  }

  /** The caller's own template of that application; nobody else's is found. */
  find(applicationId: string, templateId: string, call: Call): PreparedTemplate {
    const prepared = this.#templates.get(templateId);
    const known =
      prepared?.application.id === applicationId &&
      prepared.owner === call.principal.accountId &&
      prepared.region === call.region;
    if (!known) throw notFound(`Template with id ${templateId} could not be found.`);
    return prepared;
  }
}
