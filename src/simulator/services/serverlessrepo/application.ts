export type PolicyStatement = {
  readonly StatementId?: string;
  readonly Principals: readonly string[];
  readonly PrincipalOrgIDs?: readonly string[];
  readonly Actions: readonly string[];
};

export type ApplicationVersion = {
  readonly semanticVersion: string;
  readonly createdAt: Date;
  readonly sourceCodeUrl: string | undefined;
  readonly template: string;
  /** What each CodeUri of the template stands for, by the CodeUri's JSON. */
  readonly code: ReadonlyMap<string, Uint8Array>;
};

export type Application = {
  /** Its ARN. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly author: string;
  readonly description: string;
  readonly homePageUrl: string | undefined;
  readonly spdxLicenseId: string | undefined;
  readonly labels: readonly string[];
  readonly verified: boolean;
  readonly createdAt: Date;
  policy: readonly PolicyStatement[];
  readonly versions: Map<string, ApplicationVersion>;
};

export const PUBLIC: PolicyStatement = { StatementId: 'public', Principals: ['*'], Actions: ['Deploy'] };
