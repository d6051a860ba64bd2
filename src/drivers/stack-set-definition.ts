import type { UpdateStackSetCommandInput } from '@aws-sdk/client-cloudformation';
import { manifestOf } from '../model/address.js';
import type { Artifact } from '../model/artifact.js';
import type { Region } from '../model/identifiers.js';
import type { Refused, Step, Wanted } from '../model/step.js';
import type { ArtifactStore } from '../reconciler/ports.js';
import { refused } from './outcomes.js';
import type { Caller } from './stack-set-members.js';
import { describeSet } from './stack-set-observation.js';
import { observedOptions, optionInput } from './stack-set-options.js';
import { setValues } from './stack-set-parameters.js';
import { cloudFormationCapabilities, parameterInput, templateInput } from './stack-template.js';
import { awsTags, observedTags } from './tags.js';

/** What one step on a stack set is carried out with. */
export type Applying = {
  readonly caller: Caller;
  readonly step: Step;
  readonly store: ArtifactStore;
  readonly homeRegion: Region;
};

/** What CreateStackSet and UpdateStackSet say alike. Objects that the template refers to are put into the bucket of every Region first. */
export async function wantedDefinition(applying: Applying, wanted: Wanted) {
  const { step, caller, store, homeRegion } = applying;
  const { artifact, deployments, settings } = wanted;
  await publishObjects(
    applying,
    artifact,
    deployments.map((deployment) => deployment.target.region),
  );
  return {
    ...(await templateInput(artifact, homeRegion, store, caller.signal)),
    Description: `${manifestOf(step.subject.address)}, kept by Evenkeel`,
    Parameters: parameterInput(setValues(artifact, deployments)),
    Capabilities: cloudFormationCapabilities(artifact),
    Tags: awsTags(settings.tags),
    ...optionInput(settings.options, step.observed.type === 'known' ? step.observed.settings.options : null),
  };
}

/** A stack reads code from its own Region's bucket, whether or not the definition changes. */
export async function publishObjects({ caller, store }: Applying, artifact: Artifact, regions: readonly Region[]) {
  if (artifact.objects.length === 0) return;
  for (const region of new Set(regions)) await store.publish(artifact, region, caller.signal);
}

/** A definition that UpdateStackSet is told again, so that nothing of it changes. */
export type StandingDefinition = Pick<
  UpdateStackSetCommandInput,
  'UsePreviousTemplate' | 'Description' | 'Parameters' | 'Capabilities' | 'Tags' | 'PermissionModel' | 'CallAs'
>;

/** Null where the stack set is gone. Read anew: its capabilities and its own parameters, without the template's defaults, are in no observation. */
export async function standingDefinition({
  caller,
  stackSet,
}: {
  readonly caller: Caller;
  readonly stackSet: string;
}): Promise<StandingDefinition | null> {
  const set = await describeSet(caller, stackSet);
  if (set === null) return null;
  return {
    UsePreviousTemplate: true,
    Description: set.Description,
    Parameters: (set.Parameters ?? []).map(({ ParameterKey }) => ({ ParameterKey, UsePreviousValue: true })),
    Capabilities: set.Capabilities,
    Tags: awsTags(observedTags(set.Tags)),
    ...optionInput(observedOptions(set, caller.callAs)),
  };
}

/** Somebody deleted the stack set after it was looked for, or before the plan expected it. */
export function gone({ subject }: Step): Refused {
  const message = `${subject.stackName} is gone, and the plan did not say that it is created`;
  return refused('EK6009', subject.address, message, 'plan again');
}
