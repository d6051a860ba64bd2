import type { BlockReference } from '../../model/desired.js';
import type { Pin } from '../lock/pin.js';

export type ServerlessApplication = Extract<BlockReference, { type: 'serverless-application' }>;

/** An application of the Serverless Application Repository, with the tags that AWS puts on a stack of one; whoever looks for such stacks looks for these. */
export function pinServerlessApplication({ application, version }: ServerlessApplication): Pin {
  return {
    source: { application, version },
    tags: { 'serverlessrepo:applicationId': application, 'serverlessrepo:semanticVersion': version },
    mainKey: 'application',
    keys: {},
    title: `${application} ${version}`,
  };
}
