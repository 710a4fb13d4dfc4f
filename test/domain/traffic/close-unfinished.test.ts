import { expect, it } from '@jest/globals';
import type { Run } from '../../../shared/domain/records/run.ts';
import { closeUnfinished, type EffectOutcome } from '../../../shared/domain/traffic/close-unfinished.ts';
import type { ReasonCode } from '../../../shared/domain/verdict.ts';
import { aRun, traffic } from '../entities.ts';

const ended = (state: EffectOutcome['state'], code: ReasonCode): EffectOutcome => ({
  state,
  outcome: { code, text: '' },
});
const shifted = { baseline: traffic({ 'web-1': 100 }) };

it.each<[string, Partial<Run>, EffectOutcome, object]>([
  [
    'a promotion for a newer one',
    {},
    ended('skipped', 'newer-revision'),
    { verdict: 'superseded', alert: false },
  ],
  [
    'a promotion for another reason',
    {},
    ended('skipped', 'not-pinned'),
    { verdict: 'inconclusive', alert: false },
  ],
  [
    'a rollback of what answers well again',
    { verdict: 'fail', reasons: [{ code: 'timeout', text: '' }] },
    ended('skipped', 'recovered'),
    { verdict: 'inconclusive', reasons: [{ code: 'recovered' }, { code: 'timeout' }], alert: true },
  ],
  [
    'a rollback without a target',
    { verdict: 'fail' },
    ended('skipped', 'no-target'),
    { verdict: 'fail', alert: true },
  ],
  ['a rollback over a human', { verdict: 'fail' }, ended('skipped', 'traffic-changed'), { alert: false }],
  ['a step of a canary', shifted, ended('skipped', 'frozen'), { verdict: 'inconclusive', alert: true }],
  ['what nobody knows the end of', {}, ended('stopped', 'unknown-outcome'), { alert: true }],
])('ends a run without %s', (_what, changes, end, expected) => {
  expect(closeUnfinished(aRun(changes), end)).toMatchObject({ state: 'closed', ...expected });
});
