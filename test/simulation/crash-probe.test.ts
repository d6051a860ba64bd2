import { it } from 'vitest';
import { createTroubled, life, setManifest } from '../support/trouble.js';
import { smallOrganization, queueTemplate, stackManifest } from '../support/world.js';
const WORKLOADS = 'targets: [{ organizationalUnits: [/Workloads/**], regions: [us-east-1] }]';
it('x', async () => {
  for (let i = 0; i < 6; i++) {
    const t: number[] = [performance.now()]; const mark = () => t.push(performance.now());
    const world = await createTroubled({ organization: smallOrganization(2), seed: i, files: { 'templates/queue.yaml': queueTemplate(), 'standing.yaml': stackManifest('standing', 'targets: [{ accounts: [hub], regions: [us-east-1] }]') } });
    mark();
    await world.write({ 'set.yaml': setManifest('baseline', WORKLOADS), 'q.yaml': stackManifest('queue', WORKLOADS) });
    await world.run(life(world, { diesBefore: 20 })).catch(() => undefined); mark();
    world.pass(601);
    const l = life(world);
    await world.run(l); mark();
    await world.look(); mark();
    await world.controller(); mark();
    await world.entries(); mark();
    await world.run(); mark();
    await world.close(); mark();
    console.log(t.map((x, i) => (x - (t[i - 1] ?? x)).toFixed(0)).join(' '), world.simulator.calls.total);
  }
});
