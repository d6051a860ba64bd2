import {
  CreateStackCommand,
  DeleteStackCommand,
  DeleteStackInstancesCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import type { StackView } from '../../src/simulator/kernel/contract.js';
import { CONTROLLER, HUB, accountId, smallOrganization } from './world.js';
import { createTroubled } from './trouble.js';
import type { Troubled } from './trouble.js';

export const REGIONS = ['us-east-1', 'us-west-2'] as const;
export const ACCOUNTS = [1, 2, 3, 4].map(accountId);
/** Never moved and never suspended, so that no selector ever selects nothing. */
const STEADY = [ACCOUNTS[0]!, ACCOUNTS[3]!];
export const BUDGET = 6;

/** Numbers from a seed, so that a story that fails can be told again. */
export class Dice {
  #state: number;
  constructor(seed: number) {
    this.#state = seed * 2654435761;
  }
  /** From 0 to n - 1. */
  below(n: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
  happens(percent: number): boolean {
    return this.below(100) < percent;
  }
}

/** One manifest of the story, and what it says at the moment. */
export type Manifest = {
  readonly name: string;
  readonly kind: 'Stack' | 'StackSet';
  readonly deletion: 'delete' | 'retain';
  respond: 'report' | 'revert';
  present: boolean;
  delay: number;
  seconds: number;
  /** Whether the template has a second queue. */
  spare: boolean;
  /** Whether the template has a resource that cannot be made. */
  broken: boolean;
  override: boolean;
  suspended: boolean;
  protect: boolean;
  where: keyof typeof TARGETS;
};

const TARGETS = {
  prod: 'targets: [{ organizationalUnits: [/Workloads/Prod], regions: [us-east-1, us-west-2] }]',
  dev: 'targets: [{ organizationalUnits: [/Workloads/Dev], regions: [us-east-1] }]',
  all: 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-west-2] }]',
  steady: 'targets: [{ accounts: [a1], regions: [us-east-1] }, { accounts: [a4], regions: [us-west-2] }]',
};
export const WHERE = Object.keys(TARGETS) as (keyof typeof TARGETS)[];

const manifest = (name: string, over: Pick<Manifest, 'kind' | 'deletion'>): Manifest => ({
  name,
  respond: 'report',
  present: false,
  delay: 0,
  seconds: 30,
  spare: false,
  broken: false,
  override: false,
  suspended: false,
  protect: false,
  where: 'prod',
  ...over,
});

export function templateOf({ seconds, spare, broken }: Manifest): string {
  const failing = `  Broken:\n    Type: AWS::SNS::Topic\n    Metadata: { Simulator: { Fail: create } }\n`;
  const queue = (name: string) => `  ${name}:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: ${seconds}, DelaySeconds: !Ref Delay }
`;
  return `Parameters:\n  Delay: { Type: Number, Default: 0 }\nResources:\n${queue('Queue')}${spare ? queue('Spare') : ''}${broken ? failing : ''}`;
}

function textOf(story: Manifest): string {
  const lines = [
    `template: templates/${story.name}.yaml`,
    ...(story.kind === 'StackSet' ? ['permissionModel: self-managed'] : [`terminationProtection: ${story.protect}`]),
    TARGETS[story.where],
    `parameters: { Delay: "${story.delay}" }`,
    `deletion: ${story.deletion}`,
    `drift: { respond: ${story.respond} }`,
    ...(story.override
      ? [`overrides: [{ where: { accounts: [a1, a4] }, parameters: { Delay: "${story.delay + 100}" } }]`]
      : []),
    ...(story.suspended ? ['suspend: { by: j.doe, reason: incident }'] : []),
  ];
  return `apiVersion: evenkeel/v1\nkind: ${story.kind}\nmetadata: { name: ${story.name} }\nspec:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

export type Standing = Target & {
  readonly name: string;
  readonly id: string;
  /** `Kind/name` of the manifest that its tags name. */
  readonly owner: string;
  readonly view: StackView;
};

export type Target = { readonly account: string; readonly region: string };

/** An organization, its desired state, and somebody who does to them what people do. */
export class Story {
  readonly manifests: readonly Manifest[] = [
    manifest('alpha', { kind: 'Stack', deletion: 'delete' }),
    manifest('beta', { kind: 'Stack', deletion: 'retain' }),
    manifest('gamma', { kind: 'StackSet', deletion: 'delete' }),
    manifest('delta', { kind: 'StackSet', deletion: 'retain' }),
  ];
  readonly told: string[] = [];
  /** Stacks that somebody else made under a name of ours. */
  readonly squatters = new Set<string>();
  budget = BUDGET;

  private constructor(
    readonly world: Troubled,
    readonly dice: Dice,
  ) {}

  static async begin(seed: number): Promise<Story> {
    const organization = smallOrganization(4, { foreignStacks: { regions: [...REGIONS], count: 2 } });
    const world = await createTroubled({ organization, files: {}, seed });
    const story = new Story(world, new Dice(seed));
    for (const each of story.manifests.slice(0, 3)) each.present = true;
    await story.write();
    return story;
  }

  /** The desired state as it is to be now. */
  async write(): Promise<void> {
    const standing = `apiVersion: evenkeel/v1\nkind: Stack\nmetadata: { name: standing }\nspec:\n  template: templates/alpha.yaml\n  targets: [{ accounts: [hub], regions: [us-east-1] }]\n`;
    const controller = CONTROLLER.replace(
      'delete: 5, replace: 2',
      `delete: ${this.budget}, replace: ${this.budget === BUDGET ? 2 : 100}`,
    );
    await this.world.write({ 'controller.yaml': controller, 'standing.yaml': standing });
    for (const each of this.manifests) {
      await this.world.write({ [`templates/${each.name}.yaml`]: templateOf(each) });
      const file = `${each.name}.yaml`;
      if (each.present) await this.world.write({ [file]: textOf(each) });
      else await this.world.write({ [file]: null }).catch(() => undefined);
    }
  }

  /** One thing that happens to the desired state, the organization or what stands in AWS. */
  async somethingHappens(): Promise<void> {
    const { dice } = this;
    const choices: readonly (readonly [number, () => string | Promise<string>])[] = [
      [30, () => this.edit()],
      [10, () => this.addOrRemove()],
      [8, () => this.moveAccount()],
      [7, () => this.suspendAccount()],
      [10, () => this.updateByHand()],
      [6, () => this.deleteByHand()],
      [5, () => this.squat()],
      [6, () => this.takeRoleAway()],
      [8, () => this.letTimePass()],
      [5, () => this.forgiveRoles()],
    ];
    let roll = dice.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, happen] of choices) {
      if (roll < weight) {
        this.told.push(await happen());
        return;
      }
      roll -= weight;
    }
  }

  private async edit(): Promise<string> {
    const { dice } = this;
    const each = dice.of(this.manifests);
    const what = dice.of([
      'delay',
      'seconds',
      'spare',
      'where',
      'override',
      'respond',
      'suspended',
      'protect',
      'broken',
    ] as const);
    switch (what) {
      case 'delay':
        each.delay = dice.below(50);
        break;
      case 'seconds':
        each.seconds = 30 + dice.below(20);
        break;
      case 'where':
        each.where = dice.of(WHERE);
        break;
      case 'respond':
        each.respond = each.respond === 'report' ? 'revert' : 'report';
        break;
      default:
        each[what] = !each[what];
    }
    await this.write();
    return `edit ${each.name}: ${what} is ${each[what]}`;
  }

  private async addOrRemove(): Promise<string> {
    const each = this.dice.of(this.manifests);
    each.present = !each.present;
    await this.write();
    return `${each.present ? 'add' : 'remove'} ${each.name}`;
  }

  private async moveAccount(): Promise<string> {
    const account = this.dice.of(ACCOUNTS.filter((id) => !STEADY.includes(id)));
    const unit = this.dice.of(['Prod', 'Dev', 'Elsewhere']);
    await this.world.move(account, unit).catch(() => undefined);
    return `move ${account} to ${unit}`;
  }

  private suspendAccount(): string {
    const account = this.world.simulator.world.organization.accounts.get(
      this.dice.of(ACCOUNTS.filter((id) => !STEADY.includes(id))),
    )!;
    account.state = account.state === 'ACTIVE' ? 'SUSPENDED' : 'ACTIVE';
    return `${account.id} is ${account.state}`;
  }

  private async updateByHand(): Promise<string> {
    const { name, account, region, id } = this.dice.of(await this.standing()) ?? {};
    if (id === undefined) return 'nothing stands to be changed';
    const Delay = String(500 + this.dice.below(100));
    const update = new UpdateStackCommand({
      StackName: id,
      UsePreviousTemplate: true,
      Parameters: [{ ParameterKey: 'Delay', ParameterValue: Delay }],
    });
    const how = await this.world
      .by(account, region)
      .send(update)
      .then(() => '', String);
    if (this.dice.happens(70)) this.world.pass(700);
    return `by hand: ${name} in ${account}/${region} gets Delay ${Delay} ${how}`;
  }

  private async deleteByHand(): Promise<string> {
    const own = (await this.standing()).filter(({ name }) => !name.startsWith('StackSet-'));
    const { name, account, region, id } = this.dice.of(own) ?? {};
    if (id === undefined) return 'nothing stands to be deleted';
    const how = await this.world
      .by(account, region)
      .send(new DeleteStackCommand({ StackName: id }))
      .then(() => '', String);
    if (this.dice.happens(70)) this.world.pass(700);
    return `by hand: ${name} in ${account}/${region} is deleted ${how}`;
  }

  /** Somebody takes a name of ours for a stack of their own. */
  private async squat(): Promise<string> {
    const name = `evenkeel-${this.dice.of(this.manifests.filter((each) => each.kind === 'Stack')).name}`;
    const account = this.dice.of(ACCOUNTS);
    const region = this.dice.of(REGIONS);
    const create = new CreateStackCommand({ StackName: name, TemplateBody: templateOf(this.manifests[0]!) });
    const how = await this.world
      .by(account, region)
      .send(create)
      .then(({ StackId }) => {
        this.squatters.add(StackId!);
        return '';
      }, String);
    this.world.pass(700);
    return `somebody's own ${name} in ${account}/${region} ${how}`;
  }

  private takeRoleAway(): string {
    const account = this.dice.of(ACCOUNTS);
    const role = this.dice.of(['evenkeel-plan', 'evenkeel-apply', 'AWSCloudFormationStackSetExecutionRole']);
    this.world.simulator.world.organization.accounts.get(account)!.roles.delete(role);
    return `${account} loses ${role}`;
  }

  private letTimePass(): string {
    const hours = 1 + this.dice.below(14);
    this.world.pass(hours * 3600);
    return `${hours} hours pass`;
  }

  forgiveRoles(): string {
    for (const id of ACCOUNTS)
      for (const role of ['evenkeel-plan', 'evenkeel-apply', 'AWSCloudFormationStackSetExecutionRole'])
        this.world.simulator.world.organization.accounts.get(id)!.roles.set(role, null);
    return 'all roles are back';
  }

  /** Trouble is over: what people have to put right, they do. */
  async calmDown(): Promise<void> {
    this.told.push(this.forgiveRoles(), 'calm');
    for (const each of this.manifests) Object.assign(each, { suspended: false, broken: false });
    for (const stackId of this.squatters) {
      const [, , , region, account] = stackId.split(':') as [string, string, string, string, string];
      await this.world.by(account, region).send(new DeleteStackCommand({ StackName: stackId }));
    }
    this.budget = 100;
    await this.write();
    this.world.pass(25 * 3600);
    await this.repairInstances();
    await this.liftProtection();
  }

  /** Of what is to go; what stays is protected by its manifest. */
  private async liftProtection(): Promise<void> {
    for (const { account, region, id, owner, view } of await this.standing()) {
      const each = this.manifests.find((one) => `${one.kind}/${one.name}` === owner);
      const isWanted =
        each?.present === true &&
        this.wanted(each).some((target) => target.account === account && target.region === region);
      if (!view.terminationProtection || isWanted) continue;
      const lift = new UpdateTerminationProtectionCommand({ StackName: id, EnableTerminationProtection: false });
      await this.world.by(account, region).send(lift);
    }
  }

  /** As the remedy says: the instance goes without its stack, and the stack by hand. */
  private async repairInstances(): Promise<void> {
    for (const set of ['evenkeel-gamma', 'evenkeel-delta']) {
      for (const line of await this.world.instances(set)) {
        const [account, region, status] = line.split(/[/ ]/) as [string, string, string];
        if (status !== 'INOPERABLE') continue;
        const where = { Accounts: [account], Regions: [region], RetainStacks: true };
        await this.world.by(HUB).send(new DeleteStackInstancesCommand({ StackSetName: set, ...where }));
        for (const stack of await this.world.stacks(account, region))
          if (stack.name.startsWith(`StackSet-${set}-`))
            await this.world.by(account, region).send(new DeleteStackCommand({ StackName: stack.id }));
        this.world.pass(2000);
      }
    }
  }

  /** Every stack that lives and whose tags say that it is ours. */
  async standing(): Promise<Standing[]> {
    const { stacks } = this.world.simulator.world;
    const found: Standing[] = [];
    for (const account of ACCOUNTS) {
      for (const region of REGIONS) {
        for (const { id, name, status } of await this.world.stacks(account, region)) {
          const view = status === 'DELETE_COMPLETE' ? undefined : stacks.find(account, region, id);
          const owner = view?.tags['evenkeel:address'];
          if (view !== undefined && owner !== undefined) found.push({ name, account, region, id, owner, view });
        }
      }
    }
    return found;
  }

  /** Where a manifest wants to stand, as people would say by looking at the organization. */
  wanted(each: Manifest): Target[] {
    const { accounts, units } = this.world.simulator.world.organization;
    const inUnit = (names: readonly string[]) =>
      ACCOUNTS.filter((id) => {
        const account = accounts.get(id)!;
        return account.state === 'ACTIVE' && names.includes(units.get(account.parentId!)!.name);
      });
    const at = (ids: readonly string[], regions: readonly string[]) =>
      ids.flatMap((account) => regions.map((region) => ({ account, region })));
    switch (each.where) {
      case 'prod':
        return at(inUnit(['Prod']), REGIONS);
      case 'dev':
        return at(inUnit(['Dev']), ['us-east-1']);
      case 'all':
        return at(inUnit(['Prod', 'Dev']), ['us-west-2']);
      case 'steady':
        return [
          { account: accountId(1), region: 'us-east-1' },
          { account: accountId(4), region: 'us-west-2' },
        ];
    }
  }
}
