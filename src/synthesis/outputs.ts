import type { CfnResource, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Cdk } from './cdk.js';
import { OUTPUT_ENDINGS } from './output-endings.js';

/**
 * Puts out what others refer to: of each member of the pattern that the template makes, its ARN, name, id or address. What stands already
 * is known to whoever named it, and is left out. A name is the member's and what it is of it, so it is the same at every synthesis.
 */
export function addOutputs(pattern: Construct, stack: Stack, cdk: Cdk): void {
  const { CfnOutput } = cdk.load('aws-cdk-lib');
  for (const [member, value] of Object.entries(pattern).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const type = madeHere(value, cdk)?.cfnResourceType;
    if (type === undefined || !Object.hasOwn(OUTPUT_ENDINGS, type)) continue;
    for (const [ending, property] of Object.entries(OUTPUT_ENDINGS[type]!)) {
      const name = `${member.charAt(0).toUpperCase()}${member.slice(1)}${ending}`;
      const output = readable(value as Members, property) ? (value as Members)[property] : undefined;
      // A parameter may have the same name: it stands in another section, and its id in the stack is without a dash.
      if (typeof output === 'string') new CfnOutput(stack, `Output-${name}`, { value: output }).overrideLogicalId(name);
    }
  }
}

type Members = Readonly<Record<string, unknown>>;

/** The resource that a member is, or that is behind it; null where the template makes none for it. */
function madeHere(value: unknown, cdk: Cdk): CfnResource | null {
  const { Construct } = cdk.load('constructs');
  const { CfnResource } = cdk.load('aws-cdk-lib');
  if (!Construct.isConstruct(value)) return null;
  const resource = CfnResource.isCfnResource(value) ? value : value.node.defaultChild;
  return resource !== undefined && CfnResource.isCfnResource(resource) ? resource : null;
}

/** A REST API that is not deployed has no address, and throws where it is asked for one. */
const readable = (value: Members, property: string): boolean =>
  property !== 'url' || value['deploymentStage'] !== undefined;
