import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Aws } from '../aws/contract.js';
import { allPages } from '../aws/paging.js';
import { secretPathsOf } from '../model/secret-paths.js';
import { parseTemplate } from '../model/template.js';
import type { DriftProbe, StackPlace } from '../reconciler/ports.js';
import { DRIFT_ACTIONS } from './drift-permissions.js';
import { originalTemplate } from './live-template.js';
import { ask } from './outcomes.js';
import { resourceDrifts, sightingsOf } from './resource-sightings.js';
import { unseenOf } from './unseen.js';

/** CloudFormation's drift detection and the reading of live templates, as the plan role of each account. */
export function createDriftProbe(aws: Aws): DriftProbe {
  const clientAt = ({ target }: StackPlace): CloudFormationClient =>
    aws.cloudFormation({ type: 'role', account: target.account, role: 'plan' }, target.region);

  return {
    iamActions: DRIFT_ACTIONS,

    async detect(stack, signal) {
      const begun = await ask(() =>
        clientAt(stack).send(new DetectStackDriftCommand({ StackName: stack.stackId }), { abortSignal: signal }),
      );
      if (begun.type === 'answered') return { type: 'begun', id: begun.value.StackDriftDetectionId ?? '' };
      const { failure } = begun;
      if (failure.kind === 'detecting') return { type: 'running' };
      if (failure.kind === 'busy' || failure.kind === 'validation') return { type: 'not-now', reason: failure.message };
      return unseenOf(failure, stack, 'DetectStackDrift', signal);
    },

    async status(stack, id, signal) {
      const told = await ask(() =>
        clientAt(stack).send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id }), {
          abortSignal: signal,
        }),
      );
      if (told.type === 'failed') return unseenOf(told.failure, stack, 'DescribeStackDriftDetectionStatus', signal);
      const { DetectionStatus: status, DetectionStatusReason: reason } = told.value;
      if (status === 'DETECTION_IN_PROGRESS') return { type: 'running' };
      if (status === 'DETECTION_COMPLETE') return { type: 'complete' };
      return { type: 'failed-in-part', reason: reason ?? 'CloudFormation gives no reason' };
    },

    async resources(stack, nested, signal) {
      // In-sync ones too: they say which types CloudFormation can check.
      const listed = await ask(() =>
        allPages(async (NextToken) => {
          const page = await clientAt(stack).send(
            new DescribeStackResourceDriftsCommand({ StackName: stack.stackId, MaxResults: 100, NextToken }),
            { abortSignal: signal },
          );
          return { items: page.StackResourceDrifts, next: page.NextToken };
        }),
      );
      if (listed.type === 'failed') return unseenOf(listed.failure, stack, 'DescribeStackResourceDrifts', signal);
      const drifts = resourceDrifts(listed.value);
      if (drifts.modified.length === 0) return sightingsOf(drifts, nested, new Map());
      // As CloudFormation deployed it: what it compares, and what says which values are secrets.
      const template = await ask(() =>
        clientAt(stack).send(new GetTemplateCommand({ StackName: stack.stackId, TemplateStage: 'Processed' }), {
          abortSignal: signal,
        }),
      );
      if (template.type === 'failed') return unseenOf(template.failure, stack, 'GetTemplate', signal);
      const parsed = parseTemplate(template.value.TemplateBody ?? '');
      return sightingsOf(drifts, nested, parsed.type === 'template' ? secretPathsOf(parsed.document) : null);
    },

    async types(stack, signal) {
      const listed = await ask(() =>
        allPages(async (NextToken) => {
          const page = await clientAt(stack).send(
            new ListStackResourcesCommand({ StackName: stack.stackId, NextToken }),
            { abortSignal: signal },
          );
          return { items: page.StackResourceSummaries, next: page.NextToken };
        }),
      );
      if (listed.type === 'failed') return unseenOf(listed.failure, stack, 'ListStackResources', signal);
      const types = new Set(listed.value.map(({ ResourceType }) => ResourceType ?? ''));
      const checked = new Set(
        listed.value
          .filter(({ DriftInformation: drift }) => (drift?.StackResourceDriftStatus ?? 'NOT_CHECKED') !== 'NOT_CHECKED')
          .map(({ ResourceType }) => ResourceType ?? ''),
      );
      return {
        type: 'types',
        types: [...types].sort(),
        notChecked: [...types].filter((type) => !checked.has(type)).sort(),
      };
    },

    async template(stack, signal) {
      const read = await ask(() => originalTemplate(clientAt(stack), stack.stackId, signal));
      if (read.type === 'failed') return unseenOf(read.failure, stack, 'GetTemplate', signal);
      return { type: 'template', text: read.value };
    },
  };
}
