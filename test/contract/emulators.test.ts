import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHAPTERS } from './chapters.js';
import { createPeerAws, PEER_ENDPOINTS } from './peer-aws.js';
import { isAlone, type Agreed, type Aws, type Chapter, type PeerName } from './specification.js';

for (const name of ['moto', 'ministack'] as const) {
  describe.skipIf(PEER_ENDPOINTS[name] === undefined)(name, () => {
    let aws: Awaited<ReturnType<typeof createPeerAws>>;
    beforeAll(async () => {
      aws = await createPeerAws(name, PEER_ENDPOINTS[name]!);
    });
    afterAll(() => aws.close());
    for (const chapter of CHAPTERS) ask(name, chapter, () => aws);

    it('still lists its stacks: no sentence has broken it for those that came after', async () => {
      for (const account of aws.members) await aws.cloudFormation(account).send(new DescribeStacksCommand({}));
    });
  });
}

function ask(name: PeerName, { service, operation, sentences, lacks }: Chapter, aws: () => Aws): void {
  const agreed = sentences.filter((sentence): sentence is Agreed => !isAlone(sentence));
  if (agreed.length === 0) return;
  describe(`${service}: ${operation}`, () => {
    const missing = lacks?.[name];
    if (missing !== undefined) it(`is not there: it ${missing}`, () => differs(agreed[0]!, aws()));
    else
      for (const sentence of agreed) {
        const instead = sentence.differs?.[name];
        if (instead === undefined) it(sentence.says, () => sentence.test(aws()));
        else it(`${sentence.says}; here, it ${instead}`, () => differs(sentence, aws()));
      }
  });
}

/**
 * A difference that is gone has to be taken out of the specification, or it would excuse the next one. With EVENKEEL_WHY=1 it is
 * printed where each test failed, to see that it did so at the difference and nowhere else.
 */
async function differs({ says, test }: Agreed, aws: Aws): Promise<void> {
  const failure = await test(aws).then(
    () => null,
    (error: unknown) => error,
  );
  if (process.env['EVENKEEL_WHY'] !== undefined) console.log(`${says}\n    ${String(failure).slice(0, 300)}`);
  expect(failure, 'the emulator agrees by now: take the difference out of the specification').not.toBeNull();
}
