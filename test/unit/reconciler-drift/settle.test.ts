import { expect, it } from 'vitest';
import { deploymentAddress } from '../../../src/model/address.js';
import type { Address } from '../../../src/model/address.js';
import type { Region, RunId } from '../../../src/model/identifiers.js';
import type { Known } from '../../../src/model/observed.js';
import { settle } from '../../../src/reconciler/settle.js';
import type { Survey, SurveyPorts } from '../../../src/reconciler/survey.js';
import type { Unit } from '../../../src/reconciler/units.js';
import {
  account,
  controller,
  deployment,
  entry,
  known,
  organization,
  recorded,
  stackUnit,
} from '../../support/builders.js';

const UNITS = 20_000;
const at = '2026-11-23T00:00:00.000Z';

/** Stacks that stand as they are recorded. */
function standing(): { readonly units: readonly Unit[]; readonly observed: ReadonlyMap<Address, Known> } {
  const observed = new Map<Address, Known>();
  const units = Array.from({ length: UNITS }, (_, n): Unit => {
    const target = { account: account('111111111111').id, region: `us-east-${String(n)}` as Region };
    const address = deploymentAddress('Stack/janitor', target);
    observed.set(address, { ...known(), identity: `arn:${String(n)}` });
    const unit = stackUnit({
      entry: entry(address, { recorded: recorded({ identity: `arn:${String(n)}` }) }),
      wanted: { ...stackUnit().wanted!, deployments: [deployment(address)] },
    });
    return { ...unit, subject: { ...unit.subject, address, targets: [target] } };
  });
  return { units, observed };
}

it.each(['changes', 'refusals', 'drift', 'unknowns'] as const)(
  'a plan with as many %s as there are deployments is settled about as fast as one with none',
  async (what) => {
    const { units, observed } = standing();
    const plan = { scope: { type: 'all' }, changes: [], refusals: [], drift: [], unknowns: [] };
    const each = units.map(({ subject: { address } }) => ({ address, fields: [] }));
    const from = {
      units,
      observed,
      organization: organization(account('111111111111')),
      plan: { ...plan, [what]: each },
    };
    const ports = { files: { revision: 'r1' }, clock: { now: () => new Date(at) }, controller: controller() };
    const began = performance.now();
    const settled = await settle(from as unknown as Survey, ports as unknown as SurveyPorts, {
      run: 'run-1' as RunId,
      when: { at, before: null },
      looks: [],
      trail: null,
      signal: new AbortController().signal,
    });
    expect(settled.unsettled.size).toBe(0);
    // Reading all of the plan for each of them takes a minute.
    expect(performance.now() - began).toBeLessThan(20_000);
  },
  60_000,
);
