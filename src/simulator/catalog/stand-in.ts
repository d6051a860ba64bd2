/**
 * A stand-in for an application of the Serverless Application Repository: a template of our own with the ARN, the parameters and the
 * kinds of resources of the real one, and code that does nothing. It is for the simulator only, and never fit to be deployed.
 */
export type StandIn = {
  readonly name: string;
  readonly author: string;
  readonly description: string;
  readonly homePageUrl: string;
  readonly spdxLicenseId: string;
  readonly labels: readonly string[];
  /** Where it is published in each partition, and which versions there; a partition that is not named does not have it. */
  readonly publications: Readonly<
    Record<string, { readonly account: string; readonly region: string; readonly versions: readonly string[] }>
  >;
  template(version: string): string;
};
