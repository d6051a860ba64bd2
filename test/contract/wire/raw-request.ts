import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { OrganizationsClient } from '@aws-sdk/client-organizations';
import { ListAccountsCommand } from '@aws-sdk/client-organizations';
import type { STSClient } from '@aws-sdk/client-sts';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';

/** A request of the SDK, to be changed in place. */
export type SdkRequest = {
  method: string;
  hostname: string;
  body: string;
  query: Record<string, string>;
  headers: Record<string, string>;
};

export type Change = (request: SdkRequest) => void;

/** The parts of a client's types that differ from service to service and are the same in fact. */
type Stack = {
  add(middleware: unknown, options: { readonly step: string; readonly priority: string; readonly name: string }): void;
  addRelativeTo(
    middleware: unknown,
    options: { readonly relation: string; readonly toMiddleware: string; readonly name: string },
  ): void;
};
type Command = { readonly middlewareStack: unknown };
type Client = { send(command: never): Promise<unknown> };

const changing =
  (change: Change) => (next: (args: unknown) => Promise<unknown>) => (args: { readonly request: SdkRequest }) => {
    const { request } = args;
    change(request);
    if ('content-length' in request.headers)
      request.headers['content-length'] = String(Buffer.byteLength(request.body));
    return next(args);
  };

/** Changes what the command sends before it is signed, so that the signature is the changed request's. */
export async function sendChanged(client: Client, command: Command, change: Change): Promise<unknown> {
  (command.middlewareStack as Stack).add(changing(change), { step: 'build', priority: 'low', name: 'changed' });
  return client.send(command as never);
}

/** Changes what the command sends after it was signed: the signature's own headers. */
export async function sendForged(client: Client, command: Command, change: Change): Promise<unknown> {
  (command.middlewareStack as Stack).addRelativeTo(changing(change), {
    relation: 'after',
    toMiddleware: 'httpSigningMiddleware',
    name: 'forged',
  });
  return client.send(command as never);
}

/** Sends CloudFormation a form of our own; the answer is read as DescribeStacks'. */
export const sendForm = (client: CloudFormationClient, form: string): Promise<unknown> =>
  sendChanged(client, new DescribeStacksCommand({}), (request) => {
    request.body = form;
  });

/** Sends Organizations JSON of our own, to the operation of that name; the answer is read as ListAccounts'. */
export const sendJson = (client: OrganizationsClient, operation: string, json: string): Promise<unknown> =>
  sendChanged(client, new ListAccountsCommand({}), (request) => {
    request.headers['x-amz-target'] = `AWSOrganizationsV20161128.${operation}`;
    request.body = json;
  });

export const whoAmI = (client: STSClient, change: Change): Promise<unknown> =>
  sendForged(client, new GetCallerIdentityCommand({}), change);

/** Of an action of CloudFormation, with the version that it has. */
export const form = (action: string, rest = ''): string => `Action=${action}&Version=2010-05-15${rest}`;

/** What an SDK error is recognised by. */
export const refusal = (name: string, status: number, message?: unknown) => ({
  name,
  $metadata: { httpStatusCode: status },
  ...(message === undefined ? {} : { message }),
});
