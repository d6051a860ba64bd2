import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/model/canonical.js';
import type { Token, RunId } from '../../src/model/identifiers.js';
import type { Scope } from '../../src/model/plan.js';
import type { JournalStep } from '../../src/model/recorded.js';
import { planUnit } from '../../src/reconciler/plan-unit.js';
import {
  DEPLOYMENT,
  desired,
  entry,
  known,
  knownSet,
  member,
  recorded,
  setUnit,
  settings,
  stackUnit,
} from '../support/builders.js';

const ALL: Scope = { type: 'all' };
const context = {
  scope: ALL,
  isActive: () => true,
  predicted: { replaces: [], removes: [] },
  unrevertable: new Map(),
  now: new Date('2026-11-23T00:00:00Z'),
};
const A = '111111111111/us-east-1';
const B = '222222222222/us-east-1';

const inDoubt = (token: string): JournalStep => ({
  type: 'in-doubt',
  token: token as Token,
  action: 'create',
  attempt: 1,
  intentSha256: digestOf('intent'),
  reach: { driver: 'stack', stackName: 'evenkeel-janitor' as never, options: {}, targets: [A], deletion: 'delete' },
  run: 'run-1' as RunId,
  at: '2026-01-01T00:00:00Z',
});

describe('a stack that is wanted', () => {
  it('is created where a complete listing does not show it', () => {
    expect(planUnit(stackUnit({ entry: null }), { type: 'absent' }, context).change).toMatchObject({
      action: 'create',
      reason: 'new',
    });
  });

  it('is created again, and said to be missing, where the record knows it', () => {
    expect(planUnit(stackUnit(), { type: 'absent' }, context).change).toMatchObject({
      action: 'create',
      reason: 'missing',
    });
  });

  it('is left alone where it is as wanted', () => {
    expect(planUnit(stackUnit(), known(), context)).toMatchObject({ change: null, drift: [], refusals: [] });
  });

  it('is neither created nor deleted where it could not be seen', () => {
    const diagnostic = { code: 'EK6011', severity: 'error', message: 'm', remedy: 'r' } as const;
    expect(planUnit(stackUnit(), { type: 'unknown', cause: 'unreachable', diagnostic }, context)).toMatchObject({
      change: null,
      unknowns: [{ cause: 'unreachable' }],
    });
  });

  it('is updated where the manifest has moved', () => {
    const wanted = {
      ...stackUnit().wanted!,
      settings: settings({ parameters: { Keep: { type: 'plain', value: '10' } } }),
    };
    expect(planUnit(stackUnit({ wanted }), known(), context).change).toMatchObject({
      action: 'update',
      reason: 'manifest-changed',
      fields: [{ path: 'parameters.Keep', before: '3', after: '10' }],
    });
  });

  it('is reported and not touched where AWS has moved and the manifest says report', () => {
    const observed = known({ settings: settings({ tags: { ...settings().tags, extra: 'by hand' } }) });
    const planned = planUnit(stackUnit(), observed, context);
    expect(planned.change).toBeNull();
    expect(planned.drift).toEqual([
      { address: DEPLOYMENT, fields: [{ path: 'tags.extra', before: 'by hand', after: null }] },
    ]);
  });

  it('is put right where AWS has moved and the manifest says revert', () => {
    const observed = known({ settings: settings({ parameters: { Keep: { type: 'plain', value: '99' } } }) });
    expect(
      planUnit(stackUnit({ desired: desired({ driftRespond: 'revert' }) }), observed, context).change,
    ).toMatchObject({ action: 'update', reason: 'drifted' });
  });

  it('takes over nothing that is not ours, unless the manifest says adopt', () => {
    const theirs = known({ ownership: 'theirs', settings: settings({ tags: {} }) });
    expect(planUnit(stackUnit({ entry: null }), theirs, context)).toMatchObject({
      change: null,
      refusals: [{ code: 'EK6006' }],
    });
    expect(
      planUnit(stackUnit({ entry: null, desired: desired({ adopt: true }) }), theirs, context).change,
    ).toMatchObject({ action: 'adopt' });
  });

  it('waits for nobody else: a foreign operation is refused, one of ours is picked up', () => {
    const foreign = known({ condition: { type: 'busy', operation: null } });
    expect(planUnit(stackUnit(), foreign, context).refusals).toMatchObject([{ code: 'EK6008' }]);
    const began = stackUnit({ entry: entry(DEPLOYMENT, { step: inDoubt('ek-1') }) });
    const ours = known({ condition: { type: 'busy', operation: 'ek-1' } });
    expect(planUnit(began, ours, context).change).toMatchObject({ reason: 'interrupted', fields: [] });
    // That a step of ours is in doubt makes nobody else's operation ours.
    expect(planUnit(began, foreign, context)).toMatchObject({ change: null, refusals: [{ code: 'EK6008' }] });
  });

  it('is deleted and created anew only where nothing live stands behind it', () => {
    expect(
      planUnit(stackUnit(), known({ condition: { type: 'failed-creation' }, status: 'ROLLBACK_COMPLETE' }), context)
        .change,
    ).toMatchObject({ action: 'replace' });
    const stuck = known({
      condition: { type: 'stuck', remedy: 'continue the rollback' },
      status: 'UPDATE_ROLLBACK_FAILED',
    });
    expect(planUnit(stackUnit(), stuck, context)).toMatchObject({
      change: null,
      refusals: [{ code: 'EK6007', remedy: 'continue the rollback' }],
    });
  });

  it('never shows the value of a NoEcho parameter, and sees that it changed by the record', () => {
    const noecho = (text: string) => ({ Secret: { type: 'noecho' as const, sha256: digestOf(text) } });
    const unit = stackUnit({
      entry: entry(DEPLOYMENT, { recorded: recorded({ settings: settings({ parameters: noecho('one') }) }) }),
    });
    const observed = known({ settings: settings({ parameters: { Secret: { type: 'noecho', sha256: null } } }) });
    const same = { ...unit.wanted!, settings: settings({ parameters: noecho('one') }) };
    expect(planUnit({ ...unit, wanted: same }, observed, context).change).toBeNull();
    const changed = planUnit(
      { ...unit, wanted: { ...same, settings: settings({ parameters: noecho('two') }) } },
      observed,
      context,
    );
    expect(changed.change?.fields).toEqual([{ path: 'parameters.Secret', before: '(NoEcho)', after: '(NoEcho)' }]);
  });
});

describe('a stack that is no longer wanted', () => {
  const gone = stackUnit({ wanted: null, desired: null });

  it('is deleted by tags and record together', () => {
    expect(planUnit(gone, known(), context).change).toMatchObject({ action: 'delete', reason: 'removed' });
    expect(planUnit(gone, known({ ownership: 'theirs' }), context)).toMatchObject({
      change: null,
      refusals: [{ code: 'EK6006' }],
    });
  });

  it('is only forgotten where the manifest said retain', () => {
    const retained = stackUnit({
      wanted: null,
      desired: null,
      entry: entry(DEPLOYMENT, { recorded: recorded({ deletion: 'retain' }) }),
    });
    expect(planUnit(retained, known(), context).change).toMatchObject({ action: 'forget' });
  });

  it('is left alone while its account is not ACTIVE', () => {
    expect(planUnit(gone, known(), { ...context, isActive: () => false })).toMatchObject({
      change: null,
      departed: ['111111111111'],
    });
  });

  it('is a removal that says so where only the target left', () => {
    expect(planUnit({ ...gone, desired: desired() }, known(), context).change).toMatchObject({
      action: 'delete',
      reason: 'target-left',
    });
  });

  it('is found by its tags where it was begun and its manifest was removed before it was ever verified', () => {
    const begun = stackUnit({
      wanted: null,
      desired: null,
      entry: entry(DEPLOYMENT, { recorded: null, step: inDoubt('ek-1') }),
    });
    expect(planUnit(begun, known(), context).change).toMatchObject({ action: 'delete' });
  });
});

describe('a stack set', () => {
  it('sees a hole in its grid', () => {
    expect(planUnit(setUnit([A, B]), knownSet([A]), context).change).toMatchObject({
      action: 'update',
      members: [{ action: 'create', reason: 'missing' }],
    });
  });

  it('retries an OUTDATED instance, and leaves an INOPERABLE one to a person', () => {
    const observed = knownSet([A, B], {
      members: { [A]: member({ condition: 'outdated' }), [B]: member({ condition: 'inoperable' }) },
    });
    expect(planUnit(setUnit([A, B]), observed, context)).toMatchObject({
      change: { members: [{ action: 'update', reason: 'outdated' }] },
      refusals: [{ code: 'EK6007' }],
    });
  });

  it('removes the instance of an account that left, and keeps that of one that is suspended', () => {
    const unit = setUnit([A, B]);
    const narrower = {
      ...unit,
      wanted: {
        ...unit.wanted!,
        settings: settings({ ...unit.wanted!.settings, members: { [A]: { parameters: {} } } }),
      },
    };
    expect(planUnit(narrower, knownSet([A, B]), context).change).toMatchObject({
      members: [{ action: 'delete', reason: 'target-left' }],
    });
    const suspended = planUnit(narrower, knownSet([A, B]), {
      ...context,
      isActive: (account) => account !== '222222222222',
    });
    expect(suspended).toMatchObject({ change: null, departed: ['222222222222'] });
  });

  it('never deletes an instance that nobody recorded', () => {
    expect(planUnit(setUnit([A]), knownSet([A, B]), context)).toMatchObject({
      change: null,
      drift: [{ address: `StackSet/baseline@${B}` }],
    });
  });

  it('touches only the members of one account when it is narrowed to it', () => {
    const unit = setUnit([A]);
    const observed = knownSet([B], { settings: settings({ ...knownSet([B]).settings, template: digestOf('old') }) });
    const planned = planUnit({ ...unit, entry: setUnit([A, B]).entry }, observed, {
      ...context,
      scope: { type: 'account', account: '111111111111' as never },
    });
    expect(planned.change).toMatchObject({
      fields: [],
      members: [{ action: 'create', address: `StackSet/baseline@${A}` }],
    });
    expect(planned.change?.members).toHaveLength(1);
  });

  it('assumes nothing of an instance whose stack its account does not show', () => {
    expect(
      planUnit(setUnit([A]), knownSet([A], { members: { [A]: member({ condition: 'unresolved' }) } }), context),
    ).toMatchObject({ change: null, unknowns: [{ cause: 'listing-failed' }] });
  });

  it('shows what was changed on an instance past the set', () => {
    const observed = knownSet([A], {
      members: { [A]: member({ strayed: [{ path: 'parameters.Keep', before: '9', after: '3' }] }) },
    });
    expect(planUnit(setUnit([A]), observed, context).drift).toMatchObject([{ fields: [{ path: 'parameters.Keep' }] }]);
  });
});
