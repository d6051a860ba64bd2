import type { Partition } from '../model/identifiers.js';

/** Where a building block comes from; what a manifest of its kind says of it. */
export type CatalogSource =
  | {
      readonly type: 'serverless-application';
      /** ARN in each partition that has it; empty where its publisher names none. */
      readonly application: Readonly<Partial<Record<Partition, string>>>;
      /** The newest version that was seen in each partition. */
      readonly versions: Readonly<Partial<Record<Partition, string>>>;
    }
  | {
      readonly type: 'solution';
      /** Such as `SO0111`. */
      readonly solution: string;
      /** The newest that was seen, as the publisher writes it, such as `v3.1.5`. */
      readonly version: string;
      /** The part that is meant where a manifest names none. */
      readonly main: string;
      /** Part → file below the folder. */
      readonly parts: Readonly<Record<string, string>>;
      /** Address of the folder in each partition that has it, `{version}` still to be filled in, with a slash at its end. */
      readonly folders: Readonly<Partial<Record<Partition, string>>>;
    }
  | {
      readonly type: 'construct';
      readonly construct: string;
      /** The one that this Evenkeel comes with and can lock; null where it comes without the pattern. */
      readonly synthesised: string | null;
      /** That one first, then others that were seen, the newest first: they can be locked only where somebody has installed them. */
      readonly versions: readonly string[];
    };

/** One known building block, as people choose it. Data only. */
export type CatalogEntry = {
  /** What a person writes: `lambda-janitor`, `SO0111`, `aws-eventbridge-lambda`. */
  readonly id: string;
  readonly kind: 'ServerlessApplication' | 'Solution' | 'Construct';
  readonly name: string;
  /** What a manifest of it is called where its author says nothing else. */
  readonly manifestName: string;
  readonly summary: string;
  /** Names and ids by which it was known. */
  readonly formerNames: readonly string[];
  /** By which it is found besides its name and summary. */
  readonly words: readonly string[];
  readonly publisher: string;
  /** SPDX; null where its publisher names none. */
  readonly licence: string | null;
  readonly sourceCodeUrl: string | null;
  /** NIST SP 800-53 controls that it supports. */
  readonly controls: readonly string[];
  readonly state:
    | { readonly type: 'current' }
    | {
        readonly type: 'retired';
        readonly reason: string;
        /** Id of the nearest living block. */ readonly instead: string;
      };
  readonly source: CatalogSource;
  readonly regions: 'all' | readonly string[];
  /** What somebody who chooses it should know beforehand. */
  readonly notes: readonly string[];
};
