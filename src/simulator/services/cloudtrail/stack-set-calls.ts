import type { Sessions } from '../../kernel/sessions.js';
import type { TrailResource } from '../../kernel/trail.js';
import type { StackDesk } from '../cloudformation/service.js';
import { CLOUDFORMATION } from './resource-events.js';
import type { Trail } from './trail.js';

/** The stacks as stack sets work on them: each call in a target account leaves an event there, as CloudFormation's own. */
export function recordedDesk(stacks: StackDesk, trail: Trail, sessions: Sessions): StackDesk {
  const tell = (name: string, accountId: string, region: string, stackId: string): void => {
    const resources: TrailResource[] = [stackId, stackId.split('/')[1] ?? stackId].map((each) => ({
      type: 'AWS::CloudFormation::Stack',
      name: each,
    }));
    trail.record({
      account: accountId,
      region,
      source: CLOUDFORMATION,
      name,
      principal: sessions.actor({
        accountId,
        role: 'AWSCloudFormationStackSetExecutionRole',
        session: 'AWSCloudFormation',
      }),
      accessKeyId: '',
      userAgent: CLOUDFORMATION,
      invokedBy: CLOUDFORMATION,
      resources,
      readOnly: false,
      requestId: null,
      request: null,
      response: null,
      error: null,
    });
  };
  return {
    ...stacks,
    create: (request) => {
      const stackId = stacks.create(request);
      tell('CreateStack', request.accountId, request.region, stackId);
      return stackId;
    },
    update: (request) => {
      const begun = stacks.update(request);
      if (begun === 'begun') tell('UpdateStack', request.accountId, request.region, request.stackId);
      return begun;
    },
    delete: (accountId, region, stackId) => {
      stacks.delete(accountId, region, stackId);
      tell('DeleteStack', accountId, region, stackId);
    },
  };
}
