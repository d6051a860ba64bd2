import type { Aws } from '../aws/contract.js';
import type { Address } from '../model/address.js';
import type { Controller } from '../model/desired.js';
import type { Token } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Subject } from '../model/step.js';
import type { Target } from '../model/target.js';
import type { ArtifactStore, Driver, Watch } from '../reconciler/ports.js';
import { checkTemplateUse } from './check.js';
import { originalTemplate } from './live-template.js';
import { ask } from './outcomes.js';
import { applyStack } from './stack-apply.js';
import { observeStack } from './stack-observation.js';
import type { StackMemory, StackReader } from './stack-observation.js';
import { STACK_ACTIONS } from './stack-permissions.js';
import { wantedParameters } from './stack-settings.js';
import type { StackWalk } from './stack-walk.js';
import { wantedTags } from './tags.js';

export type StackDriverParts = {
  readonly aws: Aws;
  readonly walk: StackWalk;
  readonly store: ArtifactStore;
  readonly controller: Controller;
};

/** One stack at one target, made and kept through the roles of its account. */
export function createStackDriver({ aws, walk, store, controller }: StackDriverParts): Driver {
  const memory: StackMemory = { templates: new Map(), operations: new Map() };
  const reader: StackReader = { aws, installation: controller.name, memory };
  const changeSets = new Set<Token>();
  const reverted = new Set<Token>();
  const deletions = new Set<Token>();

  return {
    kind: 'stack',
    grain: 'deployment',
    iamActions: STACK_ACTIONS,

    check: (desired, artifact) => checkTemplateUse(desired, artifact),

    settings(desired, artifact, deployments) {
      const deployment = deployments[0]!;
      const role = controller.roles.cloudformation;
      return {
        template: artifact.templateSha256,
        parameters: wantedParameters(artifact, deployment.parameters),
        tags: wantedTags(deployment.tags, artifact.tags, controller.name, desired.address),
        options: {
          roleArn: role === null ? null : `arn:${aws.partition}:iam::${deployment.target.account}:role/${role}`,
          terminationProtection: desired.terminationProtection,
        },
        members: {},
      };
    },

    async observe(subjects, watch) {
      const answers = new Map<Address, Observation>();
      await Promise.all(
        subjects.map(async (subject) => {
          answers.set(subject.address, await observeOne(reader, walk, subject, watch));
          watch.progress(answers.size, subjects.length);
        }),
      );
      return answers;
    },

    async template(subject, signal) {
      const target = targetOfSubject(subject);
      const client = aws.cloudFormation({ type: 'role', account: target.account, role: 'plan' }, target.region);
      const read = await ask(() => originalTemplate(client, subject.recorded?.identity ?? subject.stackName, signal));
      return read.type === 'answered' && read.value !== '' ? read.value : null;
    },

    async apply(step, signal) {
      const target = targetOfSubject(step.subject);
      const client = aws.cloudFormation({ type: 'role', account: target.account, role: 'apply' }, target.region);
      // Whose operation runs on the stack need not be asked when it has just been begun here.
      const began = (stackId: string) => void memory.operations.set(stackId, step.token);
      return applyStack({ step, target, client, store, began, changeSets, reverted, deletions, signal });
    },
  };
}

async function observeOne(reader: StackReader, walk: StackWalk, subject: Subject, watch: Watch): Promise<Observation> {
  const target = targetOfSubject(subject);
  const walked = await walk.read(target, watch.freshness, watch.signal);
  if (walked.type === 'unknown') return { ...walked, diagnostic: { ...walked.diagnostic, address: subject.address } };
  return observeStack(reader, subject, target, walked, watch.signal);
}

function targetOfSubject(subject: Subject): Target {
  const target = subject.targets[0];
  if (target === undefined) throw new Error(`${subject.address} has no target`);
  return target;
}
