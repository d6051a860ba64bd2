import { counted } from '../reconciler/describe-wording.js';
import { SingleBar } from 'cli-progress';
import type { Address } from '../model/address.js';
import type { Progress } from '../reconciler/ports.js';
import { unreachable } from '../model/unreachable.js';
import type { Output } from './context.js';
import { visibleText } from './render/visible-text.js';

export type ProgressReport = { readonly progress: (event: Progress) => void; readonly finish: () => void };

/** What is known of how far it is; one value, whoever draws it. */
type State = {
  phase: 'waiting' | 'discovering' | 'observing' | 'verifying' | 'applying';
  accounts: number;
  done: number;
  of: number;
  failed: number;
  readonly running: Map<Address, string>;
};

/** Bars on a terminal, an occasional line elsewhere. Both go to the stream given, which is never the one for data; `finish` leaves it clean. */
export function createProgress(
  stream: Output,
  options: { readonly tty: boolean; readonly now?: () => number },
): ProgressReport {
  const state: State = { phase: 'waiting', accounts: 0, done: 0, of: 0, failed: 0, running: new Map() };
  const draw = options.tty ? barDrawer(stream) : lineDrawer(stream, options.now ?? Date.now);
  return {
    progress: (event) => {
      const before = state.phase;
      advance(state, event);
      draw.update(state, event, before !== state.phase);
    },
    finish: () => {
      draw.finish(state);
    },
  };
}

function advance(state: State, event: Progress): void {
  switch (event.type) {
    case 'discovering':
      state.phase = 'discovering';
      state.accounts = event.accounts;
      return;
    case 'observing':
    case 'verifying':
      state.phase = event.type;
      state.done = event.done;
      state.of = event.of;
      return;
    case 'step-begun':
      if (state.phase !== 'applying') Object.assign(state, { phase: 'applying', done: 0 });
      state.of = event.total;
      state.running.set(event.address, event.doing);
      return;
    case 'step-running':
      state.running.set(event.address, event.doing);
      return;
    case 'step-ended':
      if (state.phase !== 'applying') Object.assign(state, { phase: 'applying', done: 0, of: 0 });
      state.done += 1;
      state.of = Math.max(state.of, state.done);
      state.failed += event.result === 'failed' || event.result === 'in-doubt' ? 1 : 0;
      state.running.delete(event.address);
      return;
    default:
      unreachable(event);
  }
}

function sentence(state: State): string {
  switch (state.phase) {
    case 'waiting':
      return '';
    case 'discovering':
      return `Discovering the organization${state.accounts > 0 ? `: ${counted(state.accounts, 'account')}` : ''}`;
    case 'observing':
      return `Observing ${String(state.done)} of ${String(state.of)}`;
    case 'verifying':
      return `Verifying ${String(state.done)} of ${String(state.of)}`;
    case 'applying': {
      const failed = state.failed > 0 ? `, ${String(state.failed)} failed` : '';
      return `Applying ${String(state.done)} of ${counted(state.of, 'change')}${failed}`;
    }
    default:
      return unreachable(state.phase);
  }
}

/** What is running, for the end of the bar: the first by name, and how many others. */
function runningWords(running: ReadonlyMap<Address, string>): string {
  const [first] = running;
  if (first === undefined) return '';
  const others = running.size > 1 ? ` and ${String(running.size - 1)} more` : '';
  return `${first[0]}: ${first[1]}${others}`;
}

type Drawer = { update(state: State, event: Progress, newPhase: boolean): void; finish(state: State): void };

const BAR_WIDTH = 24;

function barDrawer(stream: Output): Drawer {
  let bar: SingleBar | null = null;
  const text = (state: State): string => {
    const share = state.of === 0 ? 0 : Math.min(1, state.done / state.of);
    const filled = Math.round(share * BAR_WIDTH);
    const drawn = state.phase === 'discovering' ? '' : `[${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}] `;
    const tail = state.phase === 'applying' ? runningWords(state.running) : '';
    const line = visibleText(`${drawn}${sentence(state)}${tail === '' ? '' : `, ${tail}`}`);
    const room = (stream.columns ?? 80) - 1;
    return line.length > room ? `${line.slice(0, Math.max(0, room - 1))}…` : line;
  };
  const stop = (): void => {
    bar?.stop();
    bar = null;
  };
  return {
    update(state, _event, newPhase) {
      if (newPhase) stop();
      if (bar === null) {
        bar = new SingleBar({
          stream: stream as unknown as NodeJS.WritableStream,
          format: () => text(state),
          clearOnComplete: true,
          // The cursor and SIGINT are the command's: a bar that ends the process would leave a change unrecorded.
          hideCursor: null,
          gracefulExit: false,
          linewrap: null,
        });
        bar.start(Math.max(1, state.of), state.done);
      }
      bar.setTotal(Math.max(1, state.of));
      bar.update(state.done);
    },
    finish: stop,
  };
}

const BETWEEN_LINES_MS = 5_000;

function lineDrawer(stream: Output, now: () => number): Drawer {
  let last = now();
  let written = '';
  const write = (state: State): void => {
    const line = visibleText(sentence(state));
    if (line !== '' && line !== written) stream.write(`${line}\n`);
    written = line;
    last = now();
  };
  return {
    update(state, event) {
      if (event.type === 'step-ended' && event.result !== 'done') {
        const detail = event.detail === '' ? '' : `: ${event.detail}`;
        stream.write(visibleText(`${event.result} ${event.address}${detail}`) + '\n');
      }
      if (now() - last >= BETWEEN_LINES_MS) write(state);
    },
    finish: write,
  };
}
