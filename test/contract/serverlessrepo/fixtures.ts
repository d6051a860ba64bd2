import { GetObjectCommand } from '@aws-sdk/client-s3';
import {
  CreateApplicationCommand,
  CreateApplicationVersionCommand,
  CreateCloudFormationTemplateCommand,
  GetCloudFormationTemplateCommand,
  PutApplicationPolicyCommand,
  type ApplicationPolicyStatement,
  type CreateApplicationCommandInput,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { assumption, type Aws, type Chapter } from '../specification.js';

/** Neither emulator has this service. */
export const LACKS = {
  moto: 'answers HTTP status 500 with a page of HTML',
  ministack: 'answers HTTP status 400, for a service that it does not support',
} as const satisfies Chapter['lacks'];

export const NO_STRANGERS = assumption(
  'the actions that a policy can grant, by the Developer Guide, are not among those that change an application',
);

/** An account that no organization knows. */
export const OUTSIDER = '999999999999';

const SERVERLESS = 'AWS::Serverless-2016-10-31';

type Resources = Readonly<Record<string, object>>;

/** A template that asks for no capability. */
export const PLAIN = templateOf({ Topic: { Type: 'AWS::SNS::Topic' } });

/** A function with a role of its own, a permission for its rule, and code on the publisher's disk. */
export const FUNCTION = templateOf({
  Fn: {
    Type: 'AWS::Serverless::Function',
    Properties: {
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      CodeUri: 'src/',
      Events: { Hourly: { Type: 'Schedule', Properties: { Schedule: 'rate(1 hour)' } } },
    },
  },
});

export function templateOf(Resources: Resources, Parameters?: Resources): string {
  return JSON.stringify({ Transform: SERVERLESS, ...(Parameters === undefined ? {} : { Parameters }), Resources });
}

export const nesting = (ApplicationId: string, SemanticVersion: string): string =>
  templateOf({
    Inner: { Type: 'AWS::Serverless::Application', Properties: { Location: { ApplicationId, SemanticVersion } } },
  });

/** What is undefined is left out of the request. */
type Publication = {
  readonly [Member in keyof CreateApplicationCommandInput]?: CreateApplicationCommandInput[Member] | undefined;
} & {
  readonly account?: string;
  readonly region?: string;
  /** Versions beside the first, each with the template of the first. */
  readonly later?: readonly string[];
};

/** Publishes an application, version 1.0.0 of PLAIN where nothing else is said, and answers its ARN. */
export async function published(aws: Aws, publication: Publication = {}): Promise<string> {
  const { account, region, later = [], ...input } = publication;
  const client = aws.serverlessRepository(account, region);
  const { ApplicationId } = await client.send(
    new CreateApplicationCommand({
      Name: aws.unique('application'),
      Author: 'somebody',
      Description: 'An application.',
      SemanticVersion: '1.0.0',
      TemplateBody: PLAIN,
      SourceCodeUrl: 'https://github.com/example/application',
      ...(input as Partial<CreateApplicationCommandInput>),
    }),
  );
  for (const SemanticVersion of later)
    await client.send(
      new CreateApplicationVersionCommand({
        ApplicationId,
        SemanticVersion,
        TemplateBody: input.TemplateBody ?? PLAIN,
      }),
    );
  return ApplicationId!;
}

/** Grants in the publisher's Region; Deploy where no action is named. */
export async function share(
  aws: Aws,
  ApplicationId: string,
  statement: Partial<ApplicationPolicyStatement>,
  region?: string,
): Promise<void> {
  const Statements = [{ Principals: ['*'], Actions: ['Deploy'], ...statement }];
  await aws
    .serverlessRepository(undefined, region)
    .send(new PutApplicationPolicyCommand({ ApplicationId, Statements }));
}

export async function organizationOf(aws: Aws): Promise<string> {
  const { Organization } = await aws.organizations().send(new DescribeOrganizationCommand({}));
  return Organization!.Id!;
}

/** A template that is ACTIVE, for the account and in the Region that deploy. */
export async function served(
  aws: Aws,
  ApplicationId: string,
  { account, region }: { readonly account?: string; readonly region?: string } = {},
): Promise<{ readonly TemplateId: string; readonly TemplateUrl: string; readonly text: string }> {
  const client = aws.serverlessRepository(account, region);
  const { TemplateId } = await client.send(new CreateCloudFormationTemplateCommand({ ApplicationId }));
  const { TemplateUrl } = await aws.until(
    () => client.send(new GetCloudFormationTemplateCommand({ ApplicationId, TemplateId })),
    ({ Status }) => Status === 'ACTIVE',
  );
  const text = await read(aws, TemplateUrl!, { account, region });
  return { TemplateId: TemplateId!, TemplateUrl: TemplateUrl!, text };
}

/** What lies at a link to S3. */
export async function read(
  aws: Aws,
  url: string,
  { account, region }: { readonly account?: string | undefined; readonly region?: string | undefined } = {},
): Promise<string> {
  const { hostname, pathname } = new URL(url);
  const { Body } = await aws
    .s3(account, region)
    .send(new GetObjectCommand({ Bucket: hostname.split('.')[0], Key: decodeURIComponent(pathname.slice(1)) }));
  return Body!.transformToString();
}
