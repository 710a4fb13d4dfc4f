import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../shared/domain/records/run.ts';
import type { Decision } from '../../../shared/domain/runs/decision.ts';
import { effectOf, isDisproof, nextRun } from '../../../shared/domain/runs/next-run.ts';
import { aRun, now } from '../entities.ts';

const pass: Decision = { verdict: 'pass', reasons: [], action: 'none', alert: false };
const fail: Decision = {
  verdict: 'fail',
  reasons: [{ code: 'timeout', text: 'slow' }],
  action: 'none',
  alert: true,
};

describe('nextRun', () => {
  it.each<[string, Partial<Run>, Decision, object]>([
    [
      'goes on',
      {},
      { ...pass, next: 'watch' },
      { stage: 'watch', stageDeadlineAt: new Date(now.getTime() + 5_000) },
    ],
    [
      'waits for a rollback',
      {},
      { ...fail, action: 'rollback' },
      { action: 'rollback', verdict: 'fail', alert: true },
    ],
    ['waits for a promotion', {}, { ...pass, action: 'promote', next: 'watch' }, { action: 'promote' }],
    ['waits for no mark', {}, { ...pass, action: 'mark-good' }, { state: 'closed', verdict: 'pass' }],
    ['ends', {}, fail, { state: 'closed', verdict: 'fail', action: 'none', alert: true }],
    ['tells what it had promoted', { action: 'promote' }, pass, { state: 'closed', action: 'promote' }],
  ])('%s', (_what, changes, decision, expected) => {
    expect(nextRun(aRun(changes), 'health', decision, 5_000, now)).toMatchObject(expected);
  });

  it.each([
    ['pass', 'restored'],
    ['fail', 'unrestored'],
    ['inconclusive', 'unverified'],
    ['superseded', 'superseded'],
  ] as const)('keeps the verdict of the run where its rollback ends as %s', (verdict, code) => {
    const run = aRun({ stage: 'reverify', verdict: 'fail' });
    expect(nextRun(run, 'reverify', { ...pass, verdict }, 0, now)).toMatchObject({
      verdict: 'fail',
      outcome: { code },
    });
  });
});

it.each([
  ['none', undefined],
  ['hold', undefined],
  ['rollback', 'rollback'],
] as const)('makes of action %s effect %s', (action, kind) => expect(effectOf(action)).toBe(kind));

it.each([
  ['health', 'fail', true],
  ['reverify', 'fail', false],
  ['health', 'inconclusive', false],
] as const)('in %s, %s is a disproof: %s', (stage, verdict, is) =>
  expect(isDisproof(stage, verdict)).toBe(is),
);
