import { UpdateStackSetCommand } from '@aws-sdk/client-cloudformation';
import type { Known } from '../model/observed.js';
import type { Applied } from '../model/step.js';
import { ask, failedRead, phaseToken, running } from './outcomes.js';
import { gone, standingDefinition } from './stack-set-definition.js';
import { isOpen, operationStatus, submit } from './stack-set-operations.js';
import type { Operating } from './stack-set-operations.js';

/**
 * Null where it is on, or where this step has tried: without it operations exclude one another instead of queueing, which every step
 * reckons with. AWS takes this change only by itself.
 */
export async function manageExecution(operating: Operating, observed: Known): Promise<Applied | null> {
  const { caller, step, stackSet } = operating;
  if (observed.settings.options['managedExecution'] !== false) return null;
  const tried = await operationStatus(operating, phaseToken(step.token, MANAGED));
  if (tried.type === 'answered') return isOpen(tried.value) ? running('turning managed execution on') : null;
  if (tried.failure.kind !== 'not-found')
    return failedRead(step.subject.address, 'the description of an operation', tried.failure);
  const standing = await ask(() => standingDefinition(operating));
  if (standing.type === 'failed')
    return failedRead(step.subject.address, 'the description of the stack set', standing.failure);
  const definition = standing.value;
  if (definition === null) return gone(step);
  const submitted = await submit(operating, MANAGED, 'turning managed execution on', (OperationId) =>
    caller.client.send(
      new UpdateStackSetCommand({
        ...definition,
        StackSetName: stackSet,
        ManagedExecution: { Active: true },
        OperationId,
      }),
      { abortSignal: caller.signal },
    ),
  );
  return submitted.type === 'ended' ? null : submitted;
}

/** The phase of a step that turns managed execution on. */
const MANAGED = 'managed';
