import { describe, expect, test } from 'vitest';
import { parseDesiredState } from '../../../src/manifest/parse.js';
import { resolveDesired } from '../../../src/manifest/resolve.js';
import { CONTROLLER, desiredFiles, shown } from './desired-files.js';

const found = (...lines: readonly string[]): string[] =>
  parseDesiredState(
    desiredFiles({ 'x.yaml': CONTROLLER + lines.map((line) => `  ${line}\n`).join('') }),
  ).diagnostics.map(shown);
const channels = (...items: readonly string[]): string[] => found('notify:', ...items.map((item) => `  - { ${item} }`));

describe('a schedule', () => {
  test('that EventBridge would not take is told with what to write', () => {
    const schedules = [
      'rate(1 days)',
      'rate(2 hour)',
      'rate(0 minutes)',
      'rate(90 seconds)',
      'every day',
      'cron(0 2 * * *)',
      'cron(0 2 * * * *)',
      'cron(0 25 * * ? *)',
      'cron(0 2 30 2 ? *)',
      'cron(0 2 ? * MON-FRY *)',
    ];
    expect(schedules.flatMap((schedule) => found(`schedule: { drift: "${schedule}" }`))).toMatchInlineSnapshot(`
      [
        "EK2013 x.yaml:8:22 ["rate(1 days)"] rate(1 days) is no schedule: EventBridge wants 1 day and 2 days = write rate(1 day)",
        "EK2013 x.yaml:8:22 ["rate(2 hour)"] rate(2 hour) is no schedule: EventBridge wants 1 hour and 2 hours = write rate(2 hours)",
        "EK2003 x.yaml:8:22 ["rate(0 minutes)"] "rate(0 minutes)" does not fit spec.schedule.drift = write rate(15 minutes), rate(1 day) or cron(0 2 * * ? *)",
        "EK2003 x.yaml:8:22 ["rate(90 seconds)"] "rate(90 seconds)" does not fit spec.schedule.drift = write rate(15 minutes), rate(1 day) or cron(0 2 * * ? *)",
        "EK2003 x.yaml:8:22 ["every day"] "every day" does not fit spec.schedule.drift = write rate(15 minutes), rate(1 day) or cron(0 2 * * ? *)",
        "EK2013 x.yaml:8:22 ["cron(0 2 * * *)"] cron(0 2 * * *) is no schedule: it has 5 fields, and EventBridge wants six = write minutes, hours, day of the month, month, day of the week and year, such as cron(0 2 * * ? *) for 02:00 UTC each day",
        "EK2013 x.yaml:8:22 ["cron(0 2 * * * *)"] cron(0 2 * * * *) is no schedule: either the day of the month or the day of the week has to be "?" = write minutes, hours, day of the month, month, day of the week and year, such as cron(0 2 * * ? *) for 02:00 UTC each day",
        "EK2013 x.yaml:8:22 ["cron(0 25 * * ? *)"] cron(0 25 * * ? *) is no schedule: "25" cannot be its hours: that goes from 0 to 23 = write minutes, hours, day of the month, month, day of the week and year, such as cron(0 2 * * ? *) for 02:00 UTC each day",
        "EK2013 x.yaml:8:22 ["cron(0 2 30 2 ? *)"] cron(0 2 30 2 ? *) is no schedule: it never comes true: there is no day 30 in its month = write minutes, hours, day of the month, month, day of the week and year, such as cron(0 2 * * ? *) for 02:00 UTC each day",
        "EK2013 x.yaml:8:22 ["cron(0 2 ? * MON-FRY *)"] cron(0 2 ? * MON-FRY *) is no schedule: "MON-FRY" cannot be its day of the week: that goes from 1 to 7, or SUN to SAT = write minutes, hours, day of the month, month, day of the week and year, such as cron(0 2 * * ? *) for 02:00 UTC each day",
      ]
    `);
    expect(found('schedule: { reconcile: rate(1 hours) }')).toMatchInlineSnapshot(`
      [
        "EK2013 x.yaml:8:26 [rate(1 hours)] rate(1 hours) is no schedule: EventBridge wants 1 hour and 2 hours = write rate(1 hour)",
      ]
    `);
  });

  test('may be a rate or a cron expression, for reconciling and for drift', () => {
    const text = `${CONTROLLER}  schedule: { reconcile: "cron(0/15 * * * ? *)", drift: rate(1 day) }\n`;
    const { manifests, diagnostics } = parseDesiredState(desiredFiles({ 'x.yaml': text }));
    expect(diagnostics).toEqual([]);
    expect(resolveDesired(manifests, null).controller).toMatchObject({
      reconcile: { type: 'cron', expression: '0/15 * * * ? *' },
      drift: { type: 'rate', every: 86_400_000 },
    });
  });
});

describe('a channel for notices', () => {
  test('goes somewhere, and to one place only', () => {
    expect(
      channels(
        '',
        'on: [drift]',
        'sns: "arn:aws:sns:us-east-1:111122223333:t", github: acme/x',
        'sns: "arn:aws:sns:us-east-1:111122223333:u", secretEnv: SECRET, labels: [x]',
        'webhook: "https://hooks.example.com/a", tokenEnv: TOKEN',
        'github: acme/x, secretEnv: SECRET',
        'wehbook: "https://hooks.example.com/b"',
      ),
    ).toMatchInlineSnapshot(`
      [
        "EK2008 x.yaml:9:7 [{  }] spec.notify[0] does not say where notices go = add sns, webhook or github",
        "EK2008 x.yaml:10:7 [{ on: [drift] }] spec.notify[1] does not say where notices go = add sns, webhook or github",
        "EK2008 x.yaml:11:54 [github] spec.notify[2] is sns and github at once = write one item of the list for each",
        "EK2008 x.yaml:12:54 [secretEnv] secretEnv is for webhook only = remove it from sns",
        "EK2008 x.yaml:12:73 [labels] labels is for github only = remove it from sns",
        "EK2008 x.yaml:13:49 [tokenEnv] tokenEnv is for github only = remove it from webhook",
        "EK2008 x.yaml:14:25 [secretEnv] secretEnv is for webhook only = remove it from github",
        "EK2008 x.yaml:15:7 [{ wehbook: "https://hooks.example.com/b" }] spec.notify[6] does not say where notices go = add sns, webhook or github",
        "EK2001 x.yaml:15:9 [wehbook] wehbook is not a key of spec.notify[6] = did you mean webhook?",
      ]
    `);
  });

  test('tells nobody a secret, and nothing without encryption', () => {
    expect(
      channels(
        'webhook: "http://hooks.example.com/a"',
        'webhook: "https://me:hunter2@hooks.example.com/a"',
        'webhook: "https://hooks.example.com/a?token=abc"',
        'webhook: "https://hooks.example.com/a#part"',
        'webhook: "https://:443"',
        'webhook: ftp://hooks.example.com',
        'github: acme/x, apiUrl: "http://ghe.example.com"',
        'webhook: "https://hooks.example.com/b", secretEnv: hunter2',
      ),
    ).toMatchInlineSnapshot(`
      [
        "EK2014 x.yaml:9:18 ["http://hooks.example.com/a"] hooks.example.com would be told without encryption = write https; http is for localhost and 127.0.0.1 only",
        "EK2014 x.yaml:10:18 ["https://me:hunter2@hooks.example.com/a"] the URL holds credentials, and everybody who can read the repository can read them = remove them; secretEnv and tokenEnv name what is secret",
        "EK2014 x.yaml:11:18 ["https://hooks.example.com/a?token=abc"] the URL holds token, and everybody who can read the repository can read it = remove it; secretEnv and tokenEnv name what is secret",
        "EK2014 x.yaml:12:18 ["https://hooks.example.com/a#part"] no server is told of #part = remove it from the URL",
        "EK2014 x.yaml:13:18 ["https://:443"] the URL cannot be read = write an https URL such as https://hooks.example.com/evenkeel",
        "EK2003 x.yaml:14:18 [ftp://hooks.example.com] "ftp://hooks.example.com" does not fit spec.notify[5].webhook = write an https URL",
        "EK2014 x.yaml:15:33 ["http://ghe.example.com"] ghe.example.com would be told without encryption = write https; http is for localhost and 127.0.0.1 only",
        "EK2003 x.yaml:16:60 [hunter2] "hunter2" does not fit spec.notify[7].secretEnv = write the name of an environment variable, such as EVENKEEL_WEBHOOK_SECRET",
      ]
    `);
    expect(found('heartbeat: "http://beat.example.com"')).toMatchInlineSnapshot(`
      [
        "EK2014 x.yaml:8:14 ["http://beat.example.com"] beat.example.com would be told without encryption = write https; http is for localhost and 127.0.0.1 only",
      ]
    `);
  });

  test('names what there can be', () => {
    expect(
      channels(
        'sns: my-topic',
        'sns: "arn:aws-us-gov:sns:us-gov-west-1:111122223333:t"',
        'sns: "arn:aws:sns:cn-north-1:111122223333:t"',
        'github: "https://github.com/acme/x"',
        'github: acme',
        'github: acme/x, on: []',
        'github: acme/x, on: [drfit]',
      ),
    ).toMatchInlineSnapshot(`
      [
        "EK2003 x.yaml:9:14 [my-topic] "my-topic" does not fit spec.notify[0].sns = write the ARN of an SNS topic, such as arn:aws:sns:us-east-1:111122223333:evenkeel",
        "EK2014 x.yaml:10:14 ["arn:aws-us-gov:sns:us-gov-west-1:111122223333:t"] the topic is in the partition aws-us-gov, and the installation in aws = name a topic of aws",
        "EK2014 x.yaml:11:14 ["arn:aws:sns:cn-north-1:111122223333:t"] cn-north-1 is a Region of the partition aws-cn, and the topic is said to be in aws = copy the ARN of the topic as SNS shows it",
        "EK2003 x.yaml:12:17 ["https://github.com/acme/x"] "https://github.com/acme/x" does not fit spec.notify[3].github = write owner/name of a repository",
        "EK2003 x.yaml:13:17 [acme] "acme" does not fit spec.notify[4].github = write owner/name of a repository",
        "EK2003 x.yaml:14:25 [on] spec.notify[5].on is empty = add at least one",
        "EK2003 x.yaml:15:30 [drfit] "drfit" does not fit spec.notify[6].on[0] = did you mean drift? Write one of drift, contested, stalled, overdue",
      ]
    `);
  });

  test('is there once', () => {
    expect(
      channels(
        'github: acme/x, on: [drift]',
        'webhook: "https://hooks.example.com/a"',
        'github: Acme/X, on: [stalled]',
        'webhook: "https://hooks.example.com/b"',
        'webhook: "https://hooks.example.com/a", on: [overdue]',
      ),
    ).toMatchInlineSnapshot(`
      [
        "EK2015 x.yaml:11:7 [{ github: Acme/X, on: [stalled] }] spec.notify[2] is the same channel as spec.notify[0] at 9:7 = write it once, with all that it is to be told of in on",
        "EK2015 x.yaml:13:7 [{ webhook: "https://hooks.example.com/a", on: [overdue] }] spec.notify[4] is the same channel as spec.notify[1] at 10:7 = write it once, with all that it is to be told of in on",
      ]
    `);
  });

  test('is told of everything unless it says of what', () => {
    const text = `${CONTROLLER}  notify:
    - { sns: "arn:aws:sns:us-east-1:111122223333:evenkeel.fifo" }
    - { webhook: "http://127.0.0.1:8080/", on: [contested, stalled] }
    - { github: acme/x }
    - { github: acme/y, labels: [drift], tokenEnv: GHE_TOKEN, apiUrl: "https://ghe.example.com/api/v3" }
  heartbeat: http://localhost:8080/beat
  budgets: { checks: 60 }
`;
    const { manifests, diagnostics } = parseDesiredState(desiredFiles({ 'x.yaml': text }));
    expect(diagnostics).toEqual([]);
    const on = ['drift', 'contested', 'stalled', 'overdue'];
    const { controller } = resolveDesired(manifests, null);
    expect(controller!.notify).toEqual([
      { type: 'sns', topicArn: 'arn:aws:sns:us-east-1:111122223333:evenkeel.fifo', on },
      { type: 'webhook', url: 'http://127.0.0.1:8080/', secretEnv: null, on: ['contested', 'stalled'] },
      { type: 'github', repository: 'acme/x', labels: [], tokenEnv: 'GITHUB_TOKEN', apiUrl: null, on },
      {
        type: 'github',
        repository: 'acme/y',
        labels: ['drift'],
        tokenEnv: 'GHE_TOKEN',
        apiUrl: 'https://ghe.example.com/api/v3',
        on,
      },
    ]);
    expect(controller).toMatchObject({ heartbeat: 'http://localhost:8080/beat', budgets: { checks: 60 } });
  });
});

test('what drift checks may cost is a number of calls', () => {
  expect(found('budgets: { checks: 0 }')).toEqual([
    'EK2003 x.yaml:8:22 [0] 0 does not fit spec.budgets.checks = write 1 or more',
  ]);
});
