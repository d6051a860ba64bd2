import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormationClient, StackEvent } from '@aws-sdk/client-cloudformation';

/** The causes of a failure stand in its own operation's events; one with more pages than this is told by its status alone. */
const MOST_PAGES = 20;

/** The operation that a stack saw last: whose token it carried, and the first thing in it that failed. */
export type LastOperation = { readonly token: string | undefined; readonly failure: string | null };

/** Events come newest first; those of the last operation are read, and no more. */
export async function lastOperation(
  client: CloudFormationClient,
  stackId: string,
  abortSignal: AbortSignal,
): Promise<LastOperation> {
  let token: string | undefined;
  let failure: StackEvent | null = null;
  let NextToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await client.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken }), { abortSignal });
    const events = page.StackEvents ?? [];
    if (pages === 0) token = events[0]?.ClientRequestToken;
    for (const event of events) {
      if (event.ClientRequestToken !== token) return { token, failure: said(failure) };
      if (isCause(event)) failure = event;
    }
    if (!page.NextToken) break;
    NextToken = page.NextToken;
  }
  return { token, failure: said(failure) };
}

/** Resources that were only stopped because another one failed are not the cause. */
function isCause(event: StackEvent): boolean {
  return event.ResourceStatus?.endsWith('_FAILED') === true && !/cancelled/i.test(event.ResourceStatusReason ?? '');
}

function said(event: StackEvent | null): string | null {
  return event === null
    ? null
    : `${event.LogicalResourceId ?? 'a resource'} (${event.ResourceType ?? 'of unknown type'}): ${event.ResourceStatusReason ?? event.ResourceStatus ?? 'failed'}`;
}
