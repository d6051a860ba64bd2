import { CloudFormationClient, DescribeStacksCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateAccountCommand,
  DescribeCreateAccountStatusCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { StorySimulator } from '../../simulator/simulator.js';

/** What people do in the demo past Evenkeel: each with an ordinary SDK client and their own account's credentials. */
export type People = {
  /** Somebody changes a parameter of a stack in the console; answers the stack's name. */
  changeParameter(change: {
    readonly account: string;
    readonly region: string;
    readonly stack: string;
    readonly name: string;
    readonly value: string;
  }): Promise<void>;
  /** Somebody changes a resource in its own console, past CloudFormation. */
  changeResource(change: {
    readonly account: string;
    readonly region: string;
    readonly stack: string;
    readonly resource: string;
    readonly properties: Readonly<Record<string, unknown>>;
  }): void;
  moveAccount(account: string, fromPath: string, toPath: string): Promise<void>;
  /** Somebody has Organizations make an account, and puts it into a unit; answers its id. */
  createAccount(name: string, toPath: string): Promise<string>;
};

const MANAGEMENT = '100000000001';
/** Simulated seconds: longer than whatever AWS sets going by itself, such as what an account that moves brings with it. */
const A_WHILE = 2 * 60 * 60;
const SOMEBODY = { role: 'AdministratorAccess', session: 'j.doe' };

export function createPeople(simulator: StorySimulator): People {
  const client = (account: string, region: string) => ({
    region,
    credentials: simulator.hands.signIn({ accountId: account, ...SOMEBODY }),
    requestHandler: simulator.requestHandler,
  });

  async function unitAt(organizations: OrganizationsClient, path: string): Promise<string> {
    const roots = await organizations.send(new ListRootsCommand({}));
    let parent = roots.Roots![0]!.Id!;
    for (const name of path.split('/').filter(Boolean)) {
      const units = await organizations.send(new ListOrganizationalUnitsForParentCommand({ ParentId: parent }));
      parent = units.OrganizationalUnits!.find((unit) => unit.Name === name)!.Id!;
    }
    return parent;
  }

  async function moveAccount(account: string, fromPath: string, toPath: string): Promise<void> {
    const organizations = new OrganizationsClient(client(MANAGEMENT, 'us-east-1'));
    const from = await unitAt(organizations, fromPath);
    const to = await unitAt(organizations, toPath);
    const there = await organizations.send(new ListAccountsForParentCommand({ ParentId: from }));
    if (!there.Accounts?.some((each) => each.Id === account)) throw new Error(`${account} is not in ${fromPath}`);
    await organizations.send(
      new MoveAccountCommand({ AccountId: account, SourceParentId: from, DestinationParentId: to }),
    );
    simulator.world.clock.advance(A_WHILE);
  }

  return {
    moveAccount,
    changeResource({ account: accountId, region, stack, resource, properties }) {
      simulator.hands.change({ accountId, region, stack, resource }, properties, { accountId, ...SOMEBODY });
      simulator.world.clock.advance(A_WHILE);
    },
    async changeParameter({ account, region, stack, name, value }) {
      const cloudFormation = new CloudFormationClient(client(account, region));
      const described = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack }));
      const { Parameters = [], Capabilities } = described.Stacks![0]!;
      await cloudFormation.send(
        new UpdateStackCommand({
          StackName: stack,
          UsePreviousTemplate: true,
          Capabilities: Capabilities ?? ['CAPABILITY_NAMED_IAM'],
          Parameters: Parameters.map((parameter) =>
            parameter.ParameterKey === name
              ? { ParameterKey: name, ParameterValue: value }
              : { ParameterKey: parameter.ParameterKey, UsePreviousValue: true },
          ),
        }),
      );
      simulator.world.clock.advance(A_WHILE);
    },
    async createAccount(name, toPath) {
      const organizations = new OrganizationsClient(client(MANAGEMENT, 'us-east-1'));
      const { CreateAccountStatus: begun } = await organizations.send(
        new CreateAccountCommand({ AccountName: name, Email: `${name}@example.com` }),
      );
      simulator.world.clock.advance(A_WHILE);
      const { CreateAccountStatus: ended } = await organizations.send(
        new DescribeCreateAccountStatusCommand({ CreateAccountRequestId: begun!.Id }),
      );
      const account = ended!.AccountId!;
      await moveAccount(account, '/', toPath);
      return account;
    },
  };
}
