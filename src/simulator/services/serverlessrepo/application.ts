import type { ApplicationLocation } from '../../templates/serverless-application.js';

export type PolicyStatement = {
  readonly StatementId: string;
  readonly Principals: readonly string[];
  readonly PrincipalOrgIDs: readonly string[];
  readonly Actions: readonly string[];
};

export type ApplicationVersion = {
  readonly semanticVersion: string;
  readonly createdAt: Date;
  readonly sourceCodeUrl: string | undefined;
  readonly sourceCodeArchiveUrl: string | undefined;
  /** As it was handed in. */
  readonly template: string;
  /** What each CodeUri of the template stands for, by the CodeUri's JSON. */
  readonly code: ReadonlyMap<string, Uint8Array>;
  /** The applications that the template itself nests. */
  readonly nested: readonly ApplicationLocation[];
};

/** What UpdateApplication may replace. */
export type ApplicationDetails = {
  readonly author: string;
  readonly description: string;
  readonly homePageUrl: string | undefined;
  readonly readmeUrl: string | undefined;
  readonly labels: readonly string[];
};

export type Application = {
  /** Its ARN. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly spdxLicenseId: string | undefined;
  readonly licenseUrl: string | undefined;
  readonly verified: boolean;
  readonly createdAt: Date;
  details: ApplicationDetails;
  policy: readonly PolicyStatement[];
  readonly versions: Map<string, ApplicationVersion>;
  /** Organizations that have unshared it, and so never see it shared again. */
  readonly unsharedBy: Set<string>;
};

export const PUBLIC: PolicyStatement = {
  StatementId: 'public',
  Principals: ['*'],
  PrincipalOrgIDs: [],
  Actions: ['Deploy'],
};
