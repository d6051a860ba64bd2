import type { LoggedCall } from '../simulator/kernel/contract.js';
import type { Deed } from '../simulator/kernel/trouble.js';
import type { Output } from './context.js';
import { createPainter } from './render/colour.js';
import { visibleText } from './render/visible-text.js';

/** How a person follows a simulator: every call (`all`), or what goes wrong and no more (`trouble`). */
export type Following = { readonly show: 'all' | 'trouble'; readonly colour: boolean };

const CLEAR_LINE = '\r\u001b[K';
const WIDTH_OF_A_PIPE = 120;

/** Tells on stderr what happens in a simulator: a line for a call or a deed; on a terminal, one line that is kept up to date for the trouble. */
export class SimulatedCalls {
  readonly #struck = new Map<string, number>();
  readonly #paint: ReturnType<typeof createPainter>;
  #calls = 0;
  #deeds = 0;
  #isLineOpen = false;

  constructor(
    private readonly output: Output,
    private readonly following: Following,
  ) {
    this.#paint = createPainter(following.colour);
  }

  readonly onCall = (call: LoggedCall): void => {
    this.#calls += 1;
    if (call.struck !== null) this.#struck.set(call.struck, (this.#struck.get(call.struck) ?? 0) + 1);
    if (this.following.show === 'all') this.#writeLine(lineOf(call, this.#paint));
    else if (call.struck !== null) this.#refresh();
  };

  readonly onDeed = ({ at, person, account, region, operation, subject, outcome }: Deed): void => {
    this.#deeds += 1;
    const [service = '', name = ''] = operation.split(':');
    const how = service === 'hand' ? 'by hand' : 'through CloudFormation';
    const end = outcome === 'ok' ? '' : `, which AWS refused (${outcome})`;
    const text = `${person} did ${name} ${how} to ${subject} in ${account}/${region}${end}`;
    this.#writeLine(
      this.#paint([
        { text: `${timeOf(at)}  `, tone: 'muted' },
        { text: visibleText(text), tone: 'warn' },
      ]),
    );
  };

  /** What it all came to. */
  end(): void {
    this.#closeLine();
    const people = this.#deeds === 0 ? '' : `; people did ${counted(this.#deeds, 'thing')}`;
    this.output.write(`${counted(this.#calls, 'call')}${this.#tally()}${people}.\n`);
  }

  #tally(): string {
    if (this.#struck.size === 0) return '';
    const kinds = [...this.#struck].map(([kind, count]) => `${kind} ${count.toLocaleString('en')}`);
    return `, struck by ${kinds.toSorted().join(', ')}`;
  }

  #refresh(): void {
    if (!this.output.isTTY) return;
    const width = (this.output.columns ?? WIDTH_OF_A_PIPE) - 1;
    const text = `${counted(this.#calls, 'call')}${this.#tally()}`.slice(0, width);
    this.output.write(`${CLEAR_LINE}${this.#paint([{ text, tone: 'muted' }])}`);
    this.#isLineOpen = true;
  }

  #writeLine(line: string): void {
    this.#closeLine();
    this.output.write(`${line}\n`);
  }

  #closeLine(): void {
    if (this.#isLineOpen) this.output.write(CLEAR_LINE);
    this.#isLineOpen = false;
  }
}

function lineOf(call: LoggedCall, paint: ReturnType<typeof createPainter>): string {
  const { at, principal, region, service, operation, outcome, struck } = call;
  const place = `${principal.accountId.padEnd(12)}  ${region.padEnd(14)}  `;
  const end = struck === null ? outcome : `${outcome} (${struck})`;
  return paint([
    { text: `${timeOf(at)}  `, tone: 'muted' },
    { text: visibleText(place + `${service}:${operation}`.padEnd(46)) + '  ', tone: 'plain' },
    { text: visibleText(end), tone: struck !== null ? 'warn' : outcome === 'ok' ? 'good' : 'bad' },
  ]);
}

const timeOf = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
