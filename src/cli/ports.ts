import type { Diagnostic } from '../model/diagnostic.js';
import type { AddOptions, AddOutcome } from '../installation/add.js';
import type { CardOptions, CardOutcome } from '../installation/card.js';
import type {
  Environment,
  LedgerSession,
  OpenOptions,
  Session,
  SessionWatch,
  Source,
} from '../installation/session.js';

/** What the commands ask of the composition root; a test gives them one in memory. */
export type Installations = {
  open(
    options: OpenOptions,
  ): Promise<{ readonly session: Session | null; readonly diagnostics: readonly Diagnostic[] }>;
  /** Offline: parse, schema, references, lock and templates. */
  validate(options: {
    readonly source: Source;
    readonly installation: string | null;
    readonly env?: Environment;
  }): Promise<readonly Diagnostic[]>;
  /** An embedded ledger by itself, for when the desired state cannot be read. */
  openLedgerOnly(folder: string): Promise<LedgerSession>;
  /** What a reviewer looks at before choosing a building block. */
  card(options: CardOptions, watch: SessionWatch): Promise<CardOutcome>;
  /** Writes the manifest of a building block. */
  add(options: AddOptions, watch: SessionWatch): Promise<AddOutcome>;
  /** The JSON Schema of a manifest, for editors. */
  manifestSchema(): Promise<object>;
};
