// The process that is measured: a simulator that starts from a file, and one account looked at afterwards.
import { readFile, stat } from 'node:fs/promises';
import { CloudFormationClient, DescribeStacksCommand, ListStackInstancesCommand } from '@aws-sdk/client-cloudformation';
import { readOrganizationFile } from '../../src/simulator/organizations/organization-file.js';
import { createSimulator } from '../../src/simulator/simulator.js';

export type LoadTask = { readonly file: string; readonly account: string; readonly regions: readonly string[] };

export type Loaded = {
  readonly fileMiB: number;
  readonly readSeconds: number;
  readonly startSeconds: number;
  readonly rssMiB: number;
  readonly peakRssMiB: number;
  readonly walkSeconds: number;
  readonly walkedStacks: number;
  /** The same walk again, now that the account has been looked at. */
  readonly secondWalkSeconds: number;
  readonly instancesSeconds: number;
  readonly instances: number;
};

const MIB = 1024 * 1024;
const { file, account, regions } = JSON.parse(process.argv[2]!) as LoadTask;

async function timed<Value>(work: () => Promise<Value>): Promise<readonly [Value, number]> {
  const begun = performance.now();
  const value = await work();
  return [value, (performance.now() - begun) / 1000];
}

const bytes = (await stat(file)).size;
const [organization, readSeconds] = await timed(async () => readOrganizationFile(await readFile(file, 'utf8')));
const [simulator, startSeconds] = await timed(async () => createSimulator({ organization }));
const rss = process.memoryUsage().rss;
const peak = process.resourceUsage().maxRSS / 1024;

const client = (as: string, region: string) =>
  new CloudFormationClient({
    region,
    credentials: simulator.credentials(as),
    requestHandler: simulator.requestHandler as never,
  });
const walk = async (): Promise<number> => {
  let stacks = 0;
  for (const region of regions) {
    let NextToken: string | undefined;
    do {
      const page = await client(account, region).send(new DescribeStacksCommand({ NextToken }));
      stacks += page.Stacks!.length;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }
  return stacks;
};
const [walkedStacks, walkSeconds] = await timed(walk);
const [, secondWalkSeconds] = await timed(walk);
const [instances, instancesSeconds] = await timed(async () => {
  const hub = client(organization.controller!, 'us-east-1');
  let found = 0;
  let NextToken: string | undefined;
  do {
    const page = await hub.send(
      new ListStackInstancesCommand({
        StackSetName: 'baseline',
        CallAs: 'DELEGATED_ADMIN',
        MaxResults: 100,
        NextToken,
      }),
    );
    found += page.Summaries!.length;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
});
await simulator.close();

process.send!({
  fileMiB: bytes / MIB,
  readSeconds,
  startSeconds,
  rssMiB: rss / MIB,
  peakRssMiB: peak,
  walkSeconds,
  walkedStacks,
  secondWalkSeconds,
  instancesSeconds,
  instances,
} satisfies Loaded);
