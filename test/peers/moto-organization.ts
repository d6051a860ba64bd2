import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  CreateAccountCommand,
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  DescribeCreateAccountStatusCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

export const HOME = 'us-east-1';
export const REGIONS = ['us-east-1', 'us-west-2'] as const;

export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

export type Member = { readonly id: string; readonly name: string; readonly unit: string };

/** An organization in moto, made as a person would make it on AWS: through the SDK. */
export type MotoOrganization = {
  readonly endpoint: string;
  readonly management: string;
  readonly members: readonly Member[];
  /** Whoever signs with an unknown key is the management account's administrator. */
  readonly credentials: Credentials;
  /** CloudFormation as an administrator of that account sees it. */
  cloudFormation(account: string, region: string): Promise<CloudFormationClient>;
  close(): void;
};

const ADMINISTRATOR: Credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'anything' };

/** Empties moto, then makes ten accounts: six in /Workloads/Prod, three in /Workloads/Dev, one in /Sandbox. */
export async function createMotoOrganization(endpoint: string): Promise<MotoOrganization> {
  await post(`${endpoint}/moto-api/reset`);
  await post(`${endpoint}/moto-api/seed?a=42`);
  const settings = { endpoint, region: HOME, credentials: ADMINISTRATOR };
  const organizations = new OrganizationsClient(settings);
  const sts = new STSClient(settings);
  const clients = new Map<string, CloudFormationClient>();

  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  const { Roots } = await organizations.send(new ListRootsCommand({}));
  const root = Roots![0]!.Id!;
  const unit = async (ParentId: string, Name: string): Promise<string> =>
    (await organizations.send(new CreateOrganizationalUnitCommand({ ParentId, Name }))).OrganizationalUnit!.Id!;
  const workloads = await unit(root, 'Workloads');
  const units = {
    '/Workloads/Prod': await unit(workloads, 'Prod'),
    '/Workloads/Dev': await unit(workloads, 'Dev'),
    '/Sandbox': await unit(root, 'Sandbox'),
  };

  const members: Member[] = [];
  for (let n = 1; n <= 10; n += 1) {
    const name = `account-${n}`;
    const path = n <= 6 ? '/Workloads/Prod' : n <= 9 ? '/Workloads/Dev' : '/Sandbox';
    const id = await createAccount(organizations, name);
    await organizations.send(
      new MoveAccountCommand({ AccountId: id, SourceParentId: root, DestinationParentId: units[path] }),
    );
    members.push({ id, name, unit: path });
  }
  const { Account: management } = await sts.send(new GetCallerIdentityCommand({}));

  return {
    endpoint,
    management: management!,
    members,
    credentials: ADMINISTRATOR,
    async cloudFormation(account, region) {
      const known = clients.get(`${account}/${region}`);
      if (known !== undefined) return known;
      const client = new CloudFormationClient({ endpoint, region, credentials: await assumed(sts, account) });
      clients.set(`${account}/${region}`, client);
      return client;
    },
    close() {
      for (const client of [organizations, sts, ...clients.values()]) client.destroy();
    },
  };
}

async function createAccount(organizations: OrganizationsClient, name: string): Promise<string> {
  const { CreateAccountStatus: asked } = await organizations.send(
    new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
  );
  const { CreateAccountStatus: status } = await organizations.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: asked!.Id! }),
  );
  if (status?.State !== 'SUCCEEDED') throw new Error(`the account ${name} was not created: ${status?.State}`);
  return status.AccountId!;
}

async function assumed(sts: STSClient, account: string): Promise<Credentials> {
  const { Credentials: session } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/administrator`, RoleSessionName: 'onlooker' }),
  );
  return {
    accessKeyId: session!.AccessKeyId!,
    secretAccessKey: session!.SecretAccessKey!,
    sessionToken: session!.SessionToken!,
  };
}

async function post(url: string): Promise<void> {
  const answer = await fetch(url, { method: 'POST' });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
}
