import type { Environment } from './environment.js';
import { setStatus } from './journal.js';
import type { OperationType, Stack } from './stack.js';
import type { Failure, Step } from './timeline.js';

/** Simulated seconds that an operation takes, always the same for the same stack and turn. */
export function duration({ base }: Environment, stack: Stack, type: OperationType): number {
  return base.identifiers.between(30, 600, `${type}/${stack.id}/${stack.events.length}`);
}

/** Ends the operation that runs on the stack and tells whoever waits for it. */
export function endOperation({ base }: Environment, stack: Stack, status: string, reason?: string): void {
  setStatus(stack, status, base.clock.now(), reason);
  stack.operation = undefined;
  for (const then of stack.waiting.splice(0)) then(stack);
}

/** `The following resource(s) failed to create: [A, B]. ` */
export function failedResources(verb: 'create' | 'update' | 'delete' | 'import', failures: readonly Failure[]): string {
  return `The following resource(s) failed to ${verb}: [${failures.map(({ logicalId }) => logicalId).join(', ')}]. `;
}

/** The step, but its failure is only noted and does not end the others. */
export function tolerant(step: Step, failures: Failure[]): Step {
  return {
    begin: step.begin,
    finish: (done) =>
      step.finish((failure) => {
        if (failure) failures.push(failure);
        done();
      }),
  };
}
