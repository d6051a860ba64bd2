import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  DescribeCreateAccountStatusCommand,
  DescribeOrganizationCommand,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { AwsCredentialIdentity } from '@smithy/types';
import { clientsOf, REGION, type Clients } from './clients.js';
import type { Aws, PeerName } from './specification.js';

/** Where the emulators listen, for whoever started them. */
export const PEER_ENDPOINTS: Readonly<Record<PeerName, string | undefined>> = {
  moto: process.env['EVENKEEL_MOTO'],
  ministack: process.env['EVENKEEL_MINISTACK'],
};

/** Emulators do at once what AWS does later, so what has not come true by then does not come true. */
const PATIENCE_MS = 2_000;
const PAUSE_MS = 50;

type Manners = {
  readonly management: string;
  /** Whose keys are an account's administrator's. */
  readonly credentials: (account: string) => Promise<AwsCredentialIdentity>;
  readonly prepare: () => Promise<void>;
};

/** An organization in an emulator that somebody else wrote, made through the SDK as on AWS. */
export async function createPeerAws(
  name: PeerName,
  endpoint: string,
): Promise<Aws & { readonly name: PeerName; close(): void }> {
  const manners = name === 'moto' ? motoManners(endpoint) : ministackManners(endpoint);
  await manners.prepare();
  const door = { settings: { endpoint }, credentials: manners.credentials };
  const founder = clientsOf(door, manners.management, manners.management);
  const members = [await createAccount(founder, 'member-1'), await createAccount(founder, 'member-2')] as const;
  founder.destroy();
  const clients = clientsOf(door, manners.management, members[0]);
  let names = 0;
  return {
    ...clients,
    name,
    management: manners.management,
    members,
    unique: (stem) => `${stem}-${String.fromCharCode(97 + (names++ % 26))}${names}`,
    async until(ask, wanted) {
      const end = Date.now() + PATIENCE_MS;
      for (;;) {
        const answer = await ask();
        if (wanted(answer)) return answer;
        if (Date.now() > end) throw new Error(`nothing more happens, and the answer is ${JSON.stringify(answer)}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    },
    close: () => clients.destroy(),
  };
}

/** Whoever signs with an unknown key is the management account; other accounts are reached by AssumeRole. */
function motoManners(endpoint: string): Manners {
  const administrator = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'anything' };
  const management = '123456789012';
  return {
    management,
    async credentials(account) {
      if (account === management) return administrator;
      const sts = new STSClient({ endpoint, region: REGION, credentials: administrator });
      const RoleArn = `arn:aws:iam::${account}:role/OrganizationAccountAccessRole`;
      const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'onlooker' }));
      sts.destroy();
      return {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      };
    },
    async prepare() {
      await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
      await fetch(`${endpoint}/moto-api/seed?a=42`, { method: 'POST' });
    },
  };
}

/** Twelve digits as the access key are that account. Its CloudTrail writes nothing down unless it is told to. */
function ministackManners(endpoint: string): Manners {
  return {
    management: '111111111111',
    credentials: async (account) => ({ accessKeyId: account, secretAccessKey: 'anything' }),
    async prepare() {
      const body = JSON.stringify({ 'cloudtrail._recording_enabled': true });
      const headers = { 'content-type': 'application/json' };
      await fetch(`${endpoint}/_ministack/config`, { method: 'POST', headers, body });
    },
  };
}

async function createAccount({ organizations }: Clients, name: string): Promise<string> {
  const client = organizations();
  // One emulator founds the organization by itself, the other waits to be asked.
  await client
    .send(new DescribeOrganizationCommand({}))
    .catch(() => client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' })));
  const asked = await client.send(new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }));
  const { CreateAccountStatus: status } = await client.send(
    new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: asked.CreateAccountStatus!.Id! }),
  );
  if (status?.AccountId === undefined) throw new Error(`the account ${name} was not created: ${status?.State}`);
  return status.AccountId;
}
