import type { Aws } from '../aws/contract.js';
import type { Address } from '../model/address.js';
import type { Controller } from '../model/desired.js';
import type { AccountId } from '../model/identifiers.js';
import type { Observation } from '../model/observed.js';
import type { Step } from '../model/step.js';
import type { TargetKey } from '../model/target.js';
import type { ArtifactStore, Driver } from '../reconciler/ports.js';
import { checkTemplateUse } from './check.js';
import { ask } from './outcomes.js';
import { applyStackSet } from './stack-set-apply.js';
import { checkStackSet } from './stack-set-check.js';
import type { Caller } from './stack-set-members.js';
import { findSet, observeStackSet } from './stack-set-observation.js';
import type { StackSetMemory } from './stack-set-observation.js';
import { callAsOf, wantedOptions } from './stack-set-options.js';
import { membersOf, setValues } from './stack-set-parameters.js';
import { STACK_SET_ACTIONS } from './stack-set-permissions.js';
import { wantedParameters } from './stack-settings.js';
import type { StackWalk } from './stack-walk.js';
import { wantedTags } from './tags.js';

export type StackSetDriverParts = {
  readonly aws: Aws;
  readonly walk: StackWalk;
  readonly store: ArtifactStore;
  readonly controller: Controller;
  /** Which account the organization is managed from; null, or not given, where that is not known. */
  readonly managementAccount?: () => AccountId | null;
};

/** One stack set with its instances, made and kept from the controller's own account. */
export function createStackSetDriver({ aws, walk, store, controller, managementAccount }: StackSetDriverParts): Driver {
  const memory: StackSetMemory = { templates: new Map(), overridden: new Map() };
  const caller = (callAs: Caller['callAs'], signal: AbortSignal): Caller => ({
    client: aws.cloudFormation({ type: 'controller' }, controller.homeRegion),
    callAs,
    signal,
  });
  const reader = { aws, installation: controller.name, walk, memory, caller };

  return {
    kind: 'stack-set',
    grain: 'manifest',
    iamActions: STACK_SET_ACTIONS,

    check(desired, artifact, deployments) {
      return [
        ...checkTemplateUse(desired, artifact),
        ...checkStackSet(desired, artifact, deployments, managementAccount?.() ?? null),
      ];
    },

    settings(desired, artifact, deployments) {
      if (desired.stackSet === null) throw new Error(`${desired.address} has no stack set options`);
      return {
        template: artifact.templateSha256,
        parameters: wantedParameters(artifact, setValues(artifact, deployments)),
        tags: wantedTags(deployments[0]?.tags ?? desired.tags, artifact.tags, controller.name, desired.address),
        options: wantedOptions(desired.stackSet),
        members: membersOf(artifact, deployments),
      };
    },

    async observe(subjects, watch) {
      const answers = new Map<Address, Observation>();
      await Promise.all(
        subjects.map(async (subject) => {
          answers.set(subject.address, await observeStackSet(reader, subject, watch));
          watch.progress(answers.size, subjects.length);
        }),
      );
      return answers;
    },

    async template(subject, signal) {
      const read = await ask(() => findSet((callAs) => caller(callAs, signal), subject));
      return read.type === 'answered' ? (read.value?.set.TemplateBody ?? null) : null;
    },

    apply(step, signal) {
      memory.overridden.set(step.subject.address, overriddenBy(step));
      // What stands is changed by whoever it was found by.
      const { options } =
        step.observed.type === 'known' ? step.observed.settings : (step.wanted?.settings ?? step.subject);
      return applyStackSet({
        caller: caller(callAsOf(options), signal),
        step,
        store,
        homeRegion: controller.homeRegion,
      });
    },
  };
}

function overriddenBy(step: Step): ReadonlySet<TargetKey> {
  const members = Object.entries(step.wanted?.settings.members ?? {}) as [TargetKey, { readonly parameters: object }][];
  return new Set(members.filter(([, member]) => Object.keys(member.parameters).length > 0).map(([key]) => key));
}
