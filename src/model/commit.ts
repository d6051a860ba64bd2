/** A commit, as far as it says who changed what, and why. */
export type Commit = {
  /** All digits. */
  readonly id: string;
  readonly author: string;
  /** ISO 8601, of the author. */
  readonly at: string;
  readonly subject: string;
  /** The pull request that it came with, where its own subject or its merge's says one. */
  readonly pullRequest: number | null;
};
