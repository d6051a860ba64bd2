import { request } from 'node:http';

/** What AWS was asked for, as the simulator counted it: `cloudformation:DescribeStacks` → how often. */
export type Calls = Readonly<Record<string, number>>;
export type Standing = {
  readonly calls: Calls;
  /** Simulated time, in milliseconds since 1970. */ readonly now: number;
};

/** The simulator's back door, where its time is moved and its count is read: no AWS, and counted nowhere. */
export type Desk = {
  standing(): Promise<Standing>;
  reset(): Promise<Standing>;
  advance(milliseconds: number): Promise<Standing>;
};

export function openDesk(url: string): Desk {
  const ask = (path: string): Promise<Standing> =>
    new Promise((resolve, reject) => {
      request(`${url}${path}`, { method: 'POST' }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Standing));
      })
        .on('error', reject)
        .end();
    });
  return {
    standing: () => ask('/standing'),
    reset: () => ask('/reset'),
    advance: (milliseconds) => ask(`/advance?milliseconds=${milliseconds}`),
  };
}
