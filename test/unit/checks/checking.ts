import { makeArtifact } from '../../../src/blocks/template/artifact.js';
import { checkTemplates } from '../../../src/checks/checks.js';
import { deploymentAddress } from '../../../src/model/address.js';
import type { Artifact } from '../../../src/model/artifact.js';
import type { Controller, Deployment, Desired } from '../../../src/model/desired.js';
import type { Diagnostic } from '../../../src/model/diagnostic.js';
import type { AccountId, Region } from '../../../src/model/identifiers.js';
import type { Entry } from '../../../src/model/recorded.js';
import { parseTargetKey } from '../../../src/model/target.js';
import type { TargetKey } from '../../../src/model/target.js';
import { account, controller, desired, entry, MANIFEST, recorded } from '../../support/builders.js';

export const ONE = '111111111111/us-east-1' as TargetKey;
export const ONE_WEST = '111111111111/us-west-2' as TargetKey;
export const TWO = '222222222222/us-east-1' as TargetKey;
export const NOW = new Date('2026-11-22T00:00:00Z');

/** Two columns of resources are easier to read than a page of brackets. */
export function artifactOf(template: string, over: Partial<Artifact> = {}): Artifact {
  const made = makeArtifact({
    address: MANIFEST,
    file: 'templates/x.yaml',
    template,
    objects: [],
    tags: {},
    extraCapabilities: [],
  });
  if (made.value === null) throw new Error(JSON.stringify(made.diagnostics, null, 2));
  return { ...made.value, ...over };
}

export type Story = {
  readonly template: string;
  readonly artifact?: Partial<Artifact>;
  readonly at?: readonly TargetKey[] | null;
  readonly desired?: Partial<Desired>;
  readonly controller?: Partial<Controller>;
  /** What each target is given. */
  readonly parametersAt?: (key: TargetKey) => Readonly<Record<string, string>>;
  /** `this`: the very artifact stands there; `another`: one of its manifest's. */
  readonly standing?: Readonly<Record<TargetKey, 'this' | 'another'>> | null;
  readonly now?: Date;
};

export function deploymentAt(key: TargetKey, parameters: Readonly<Record<string, string>> = {}): Deployment {
  const target = parseTargetKey(key);
  return {
    address: deploymentAddress(MANIFEST, target),
    manifest: MANIFEST,
    target,
    account: account(target.account),
    parameters,
    references: {},
    overridden: [],
    tags: {},
    wave: 0,
  };
}

/** What is found of one manifest. */
export function found(story: Story): readonly Diagnostic[] {
  const artifact = artifactOf(story.template, story.artifact);
  const each = desired({
    targets: [{ regions: ['us-east-1' as Region] }],
    ...story.desired,
  });
  const parameters = story.parametersAt ?? (() => each.parameters);
  const standing = story.standing === undefined ? {} : story.standing;
  const entries: readonly Entry[] | null =
    standing === null
      ? null
      : Object.entries(standing).map(([key, which]) =>
          entry(deploymentAddress(MANIFEST, parseTargetKey(key as TargetKey)), {
            recorded: recorded(which === 'this' ? { artifactSha256: artifact.sha256 } : {}),
          }),
        );
  const at = story.at === undefined ? [ONE] : story.at;
  return checkTemplates({
    controller: controller(story.controller),
    desired: [each],
    artifacts: new Map([[MANIFEST, artifact]]),
    deployments: at === null ? null : new Map([[MANIFEST, at.map((key) => deploymentAt(key, parameters(key)))]]),
    entries,
    now: story.now ?? NOW,
  });
}

/** `error EK5030`, one for each finding. */
export const codes = (story: Story): readonly string[] =>
  found(story).map(({ severity, code }) => `${severity} ${code}`);
export const messages = (story: Story): readonly string[] => found(story).map(({ message }) => message);

export type { AccountId };
