/** What is said to a person, before anybody decides whether it goes to a terminal, a pull request or a pipe. */
export type Tone = 'plain' | 'muted' | 'good' | 'warn' | 'bad' | 'add' | 'change' | 'remove' | 'strong';
export type Span = { readonly text: string; readonly tone?: Tone };
/** One line's worth of text. */
export type Line = string | readonly (string | Span)[];

export type Block =
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'paragraph'; readonly line: Line }
  | { readonly type: 'list'; readonly items: readonly Line[] }
  | { readonly type: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly Line[])[] }
  | { readonly type: 'diagnostic'; readonly diagnostic: import('./diagnostic.js').Diagnostic }
  | { readonly type: 'code'; readonly language: string; readonly text: string };

/** `data` is what `--output json` prints: machine-readable, with a schema version, and complete where the blocks abbreviate. */
export type Document = {
  readonly blocks: readonly Block[];
  readonly data: { readonly schemaVersion: 1 } & Readonly<Record<string, unknown>>;
};
