import type { DetectionTrouble } from '../../kernel/trouble.js';
import type { Detection } from './drift-detection.js';
import type { Stack } from './stack.js';

/** Says what goes wrong with a detection that begins; null where nothing does. */
export type DetectionDraw = (stack: Stack) => DetectionTrouble | null;

/** Detections of drift by id, those that run, and what is to go wrong with the next. */
export class Detections {
  readonly #byId = new Map<string, Detection>();
  readonly #running = new Map<string, Detection>();
  readonly #disturbed = new Map<string, DetectionTrouble>();
  #draw: DetectionDraw = () => null;

  find(id: string): Detection | undefined {
    return this.#byId.get(id);
  }

  runningOn(stack: Stack): Detection | undefined {
    return this.#running.get(stack.id);
  }

  begin(detection: Detection): void {
    this.#byId.set(detection.id, detection);
    this.#running.set(detection.stackId, detection);
  }

  end({ stackId }: Detection): void {
    this.#running.delete(stackId);
  }

  /** What every detection of the stack meets from here on; null ends it. */
  disturb(stackId: string, trouble: DetectionTrouble | null): void {
    if (trouble === null) this.#disturbed.delete(stackId);
    else this.#disturbed.set(stackId, trouble);
  }

  drawFrom(draw: DetectionDraw): void {
    this.#draw = draw;
  }

  troubleFor(stack: Stack): DetectionTrouble | null {
    return this.#disturbed.get(stack.id) ?? this.#draw(stack);
  }
}
