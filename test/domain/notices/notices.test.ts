import { describe, expect, it, test } from '@jest/globals';
import type { RevisionName, RunId, ServiceKey } from '../../../shared/domain/ids.ts';
import { type DecisionFacts, eventOf, noticesOf } from '../../../shared/domain/notices/asked-notices.ts';
import { fingerprintOf, normalCause } from '../../../shared/domain/notices/fingerprint.ts';
import { type IssueRun, solutionOf } from '../../../shared/domain/notices/issue-record.ts';
import { nextTry } from '../../../shared/domain/notices/next-try.ts';
import type { Run } from '../../../shared/domain/records/run.ts';
import { missingVariable } from '../../wording/notices/stories.ts';

const all = { issues: true, status: true, comment: true, prevention: true };
const build = { commit: 'c0ffee' } as Run['build'];

function facts(
  changes: Partial<DecisionFacts['decision']> & Partial<Omit<DecisionFacts, 'decision'>> = {},
): DecisionFacts {
  const { run = { authority: 'full', build }, stage = 'health', share = 100, ...decision } = changes;
  return {
    run,
    stage,
    share,
    decision: {
      verdict: 'fail',
      reasons: [{ code: 'wrong-status', text: 'HTTP 503' }],
      action: 'none',
      ...decision,
    },
  };
}

describe('a decision asks for', () => {
  const kinds = (of: DecisionFacts, wishes = all) => noticesOf(of, wishes).map(({ kind }) => kind);

  test.each<[string, DecisionFacts, string[]]>([
    ['all at a failure in health', facts(), ['issue', 'status', 'pull-comment', 'prevention']],
    ['no second status later', facts({ stage: 'watch' }), ['issue', 'pull-comment', 'prevention']],
    ['a status alone while it goes on', facts({ verdict: 'pass', next: 'watch' }), ['status']],
    [
      'nothing while a promotion is awaited',
      facts({ stage: 'tests', verdict: 'pass', action: 'promote' }),
      [],
    ],
    [
      'the end of issues by a pass',
      facts({ stage: 'watch', verdict: 'pass', action: 'mark-good' }),
      ['issue', 'pull-comment'],
    ],
    ['nothing again by a verification', facts({ stage: 'reverify' }), []],
    ['nothing by a pass of a verification', facts({ stage: 'reverify', verdict: 'pass' }), []],
    ['an issue without a commit', facts({ run: { authority: 'full' } }), ['issue']],
    ['nothing by an observer', facts({ run: { authority: 'observe', build } }), []],
    [
      'nothing of what people did',
      facts({ stage: 'watch', verdict: 'inconclusive', reasons: [{ code: 'aborted', text: '' }] }),
      [],
    ],
    ['nothing of what was superseded', facts({ stage: 'watch', verdict: 'superseded' }), []],
  ])('%s', (_what, of, wanted) => expect(kinds(of)).toEqual(wanted));

  it('only what the config wants', () => {
    expect(kinds(facts(), { issues: false, status: false, comment: false, prevention: false })).toEqual([]);
    expect(noticesOf(facts(), undefined)).toEqual([]);
  });

  it('a rollback before other failures, and what is solved last', () => {
    const of = (decision: Partial<DecisionFacts['decision']>) =>
      noticesOf(facts({ stage: 'watch', ...decision }), all)[0]?.importance ?? -1;
    const ranks = [of({ action: 'rollback' }), of({}), of({ verdict: 'pass' })];
    expect(ranks).toEqual(ranks.toSorted());
    expect(new Set(ranks).size).toBe(3);
  });
});

describe('a decision is the event', () => {
  test.each<[string | undefined, DecisionFacts]>([
    ['unrestored', facts({ stage: 'reverify' })],
    [undefined, facts({ stage: 'reverify', verdict: 'pass' })],
    ['inconclusive-serving', facts({ verdict: 'inconclusive' })],
    [undefined, facts({ verdict: 'inconclusive', share: 0 })],
    [undefined, facts({ verdict: 'inconclusive', reasons: [{ code: 'paused', text: '' }] })],
    [undefined, facts({ verdict: 'inconclusive', run: { authority: 'observe' } })],
    [undefined, facts()],
  ])('%s', (kind, of) => expect(eventOf(of)).toBe(kind));
});

describe('the fingerprint of a cause', () => {
  const run = {
    serviceKey: 'a'.repeat(20) as ServiceKey,
    candidate: { revision: 'web-2' as RevisionName, createTime: new Date(0) },
    reasons: [{ code: 'wrong-status' as const, text: 'HTTP 503' }],
  };
  const by = (summary: string, changes: Partial<typeof run> = {}) =>
    fingerprintOf({ ...run, ...changes }, { result: { ...missingVariable, summary } });

  it('leaves out what differs from run to run', () => {
    expect(
      normalCause('web-2 got 3 times 10.0.0.7:5432 at 2026-03-02T09:00:00.000Z, id 0123abcd9f', 'web-2'),
    ).toBe('<revision> got <n> times <n> at <time>, id <id>');
  });

  test.each([
    ['another variable', by('A is not set.'), by('B is not set.'), false],
    ['another count', by('10 connections refused'), by('12 connections refused'), true],
    ['another service', by('A'), by('A', { serviceKey: 'b'.repeat(20) as ServiceKey }), false],
    [
      'a diagnosis without a cause',
      fingerprintOf(run, { result: { ...missingVariable, category: 'unknown' } }),
      fingerprintOf(run, undefined),
      true,
    ],
  ])('%s', (_what, one, other, isSame) => expect(one === other).toBe(isSame));
});

describe('the next try', () => {
  const createdAt = new Date('2026-03-02T09:00:00Z');
  const pauseAfter = (tries: number, retryAfterMs?: number, importance = 0, ageMs = 0) => {
    const now = new Date(createdAt.getTime() + ageMs);
    const at = nextTry({ tries, retryAfterMs, importance, createdAt, now });
    return at && at.getTime() - now.getTime();
  };

  it('waits twice as long each time, at most half an hour', () => {
    expect([1, 2, 3, 7, 8, 500].map((tries) => pauseAfter(tries))).toEqual([
      30_000, 60_000, 120_000, 1_800_000, 1_800_000, 1_800_000,
    ]);
  });

  it('keeps to what the other side asks for', () => {
    expect(pauseAfter(9, 5_000)).toBe(5_000);
    expect(pauseAfter(1, 600_000)).toBe(600_000);
  });

  it('comes later for what counts less', () => {
    expect(pauseAfter(1, 5_000, 3)).toBeGreaterThan(pauseAfter(1, 5_000, 0) ?? 0);
  });

  it('is the last after three days', () => {
    expect(pauseAfter(9, undefined, 0, 3 * 24 * 3_600_000)).toBeUndefined();
  });
});

describe('an issue is solved', () => {
  const at = (minutes: number) => new Date(Date.parse('2026-03-02T09:00:00Z') + minutes * 60_000);
  const order = (n: number) => ({ revision: `web-${n}` as RevisionName, createTime: at(n) });
  const newest: IssueRun = { runId: 'a'.repeat(20) as RunId, candidate: order(5), at: at(10), n: 1 };
  const passed = (n: number, minutes: number, changes: object = {}) => ({
    id: String(n).repeat(20) as RunId,
    candidate: order(n),
    verdict: 'pass' as const,
    state: 'closed' as const,
    closedAt: at(minutes),
    authority: 'full' as const,
    ...changes,
  });

  test.each([
    ['by a newer revision', [passed(6, 20)], 'web-6'],
    ['by the same one at another attempt', [passed(5, 20)], 'web-5'],
    ['by the first of several', [passed(7, 30), passed(6, 20)], 'web-6'],
    ['not by an older revision', [passed(4, 20)], undefined],
    ['not by what passed before', [passed(6, 9)], undefined],
    ['not by an observer', [passed(6, 20, { authority: 'observe' })], undefined],
    ['not by a failure', [passed(6, 20, { verdict: 'fail' })], undefined],
  ])('%s', (_what, runs, revision) => expect(solutionOf(newest, runs)?.revision).toBe(revision));
});
