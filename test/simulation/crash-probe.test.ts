import { expect, it } from 'vitest';
import { createTroubled, life } from '../support/trouble.js';
import { queueTemplate, stackManifest, smallOrganization } from '../support/world.js';
it('probe', async () => {
  for (let i = 0; i < 3; i++) {
  const t0 = Date.now();
  const world = await createTroubled({ organization: smallOrganization(2), files: { 'templates/queue.yaml': queueTemplate(), 'queue.yaml': stackManifest('queue', 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]') } });
  const t1 = Date.now();
  const being = life(world);
  const report = await world.run(being);
  const t2 = Date.now();
  console.log(being.effects.join('\n'), report.exitCode);
  await world.run();
  const t3 = Date.now();
  await world.look();
  const t4 = Date.now();
  console.log({ create: t1 - t0, first: t2 - t1, second: t3 - t2, look: t4 - t3 });
  await world.close();
  }
});
