import { describe, expect, it } from '@jest/globals';
import { assessHealth } from '../../../shared/domain/health/assess-health.ts';
import type { HealthFact } from '../../../shared/domain/health/health-fact.ts';
import type { Fault, ProbeOutcome, UnknownCause } from '../../../shared/domain/health/probe-outcome.ts';
import { aFact } from '../../builders.ts';

const policy = {
  successes: 3,
  failureThreshold: 3,
  startupBudgetMs: 240_000,
  startupGraceMs: 0,
  wrongForMs: 30_000,
  badSharePercent: 10,
};

const good: ProbeOutcome = { kind: 'good', status: 200, latencyMs: 20 };
const bad = (fault: Fault): ProbeOutcome => ({ kind: 'bad', fault, latencyMs: 20, detail: fault });
const unknown = (cause: UnknownCause): ProbeOutcome => ({ kind: 'unknown', cause, detail: cause });

const letters: Readonly<Record<string, ProbeOutcome>> = {
  g: good,
  e: bad('server-error'),
  r: bad('refused'),
  b: bad('wrong-body'),
  s: bad('too-slow'),
  t: bad('timeout'),
  n: unknown('not-allowed'),
  o: unknown('overload'),
};

/** One letter a tick, two seconds apart; `lateMs` moves the last one. */
function ticks(
  sequence: string,
  options: { stable?: ProbeOutcome | undefined; lateMs?: number } = {},
): HealthFact[] {
  const { stable, lateMs } = { stable: good, lateMs: 0, ...options };
  return [...sequence].map((letter, n) => {
    const fact = aFact(n, { candidate: letters[letter], stable });
    return n === sequence.length - 1 ? { ...fact, at: new Date(fact.at.getTime() + lateMs) } : fact;
  });
}

const spent = { lateMs: 240_000 };

describe('assessHealth', () => {
  it.each([
    ['', 'probing'],
    ['g', 'probing'],
    ['gg', 'probing'],
    ['ggg', 'healthy'],
    ['eeggg', 'healthy'],
    ['ggeggg', 'healthy'],
    ['ee', 'probing'],
    ['eee', 'failed'],
    ['rer', 'failed'],
    ['eeg', 'probing'],
    ['geee', 'failed'],
    ['gbbb', 'failed'],
    ['bbbbbb', 'probing'],
    ['tttttt', 'probing'],
    ['nn', 'probing'],
    ['nnn', 'unknown'],
    ['ooo', 'unknown'],
    ['egegeg', 'probing'],
  ])('takes the answers "%s" as %s', (sequence, kind) => {
    expect(assessHealth(ticks(sequence), policy).kind).toBe(kind);
  });

  it.each([
    ['bbbb', { kind: 'failed', failure: 'wrong-body' }],
    ['tttt', { kind: 'failed', failure: 'timeout' }],
    ['ssss', { kind: 'failed', failure: 'too-slow' }],
    ['egegeg', { kind: 'failed', failure: 'flapping' }],
    ['egegegb', { kind: 'failed', failure: 'flapping' }],
    ['bbbbg', { kind: 'probing' }],
    ['bbgg', { kind: 'probing' }],
    ['bnbn', { kind: 'unknown', cause: 'not-allowed' }],
  ])('once the start-up budget is spent, takes "%s" as %o', (sequence, expected) => {
    expect(assessHealth(ticks(sequence, spent), policy)).toMatchObject(expected);
  });

  it('counts no answer that an older revision may have given', () => {
    const facts = ticks('eee').map((fact) => ({ ...fact, counts: false }));
    expect(assessHealth(facts, policy).kind).toBe('probing');
    const late = ticks('ggg', spent).map((fact) => ({ ...fact, counts: false }));
    expect(assessHealth(late, policy)).toMatchObject({ kind: 'unknown', cause: 'unreachable' });
  });

  it.each([
    ['ggg', { comparison: { kind: 'stable-good' } }],
    ['gg', { kind: 'probing' }],
    ['eeg', { kind: 'probing' }],
    ['ggeg', { kind: 'probing' }],
    ['ggeggg', { comparison: { kind: 'stable-good' } }],
    ['ttggg', { comparison: { kind: 'stable-good' } }],
    ['ttttt', { kind: 'probing' }],
    ['t'.repeat(20), { comparison: { kind: 'stable-bad' } }],
    ['eee', { comparison: { kind: 'stable-bad' } }],
    ['egege', { comparison: { kind: 'stable-bad' } }],
    ['ooo', { comparison: { kind: 'stable-unreachable' } }],
    ['ooe', { comparison: { kind: 'stable-bad' } }],
  ])('while stable answers "%s" at the looks of a failing candidate, says %o', (sequence, expected) => {
    const facts = ticks('e'.repeat(sequence.length)).map((fact, n) => ({
      ...fact,
      stable: letters[sequence[n] ?? ''],
    }));
    expect(assessHealth(facts, policy)).toMatchObject(expected);
  });

  it('gives hard faults the grace that the config gives them, and no longer', () => {
    const grace = { ...policy, startupGraceMs: 10_000 };
    expect(assessHealth(ticks('eeeee'), grace).kind).toBe('probing');
    expect(assessHealth(ticks('eeeeee'), grace).kind).toBe('failed');
    expect(assessHealth(ticks('eeggg'), grace).kind).toBe('healthy');
  });

  it.each([
    [bad('server-error'), 'stable-bad'],
    [unknown('platform-not-found'), 'stable-unreachable'],
    [undefined, 'not-compared'],
  ])('tells what stable %o means', (stable, kind) => {
    expect(assessHealth(ticks('eee', { stable }), policy)).toMatchObject({ comparison: { kind } });
  });

  it.each([
    ['ggg', 'healthy'],
    ['xxg', 'probing'],
    ['xggg', 'healthy'],
    ['xx', 'probing'],
    ['xxx', 'unknown'],
    ['gxgx', 'probing'],
  ])('takes a good revision whose URLs answer "%s" as %s', (edges, kind) => {
    const facts = ticks('g'.repeat(edges.length)).map((fact, i) => ({
      ...fact,
      edge: edges[i] === 'x' ? bad('timeout') : good,
    }));
    expect(assessHealth(facts, policy).kind).toBe(kind);
  });

  it('takes a failed revision without traffic as never ready', () => {
    const fact = aFact(0, {
      readiness: 'failed',
      readinessDetail: 'HEALTH_CHECK_CONTAINER_ERROR: did not listen',
      share: 0,
    });
    expect(assessHealth([fact], policy)).toMatchObject({ kind: 'failed', failure: 'never-ready' });
  });

  it('does not fail a revision on one slow answer, however late a clock says it is', () => {
    const facts = ticks('gb', { lateMs: 3_600_000 });
    expect(assessHealth(facts, policy).kind).toBe('probing');
  });

  it('waits out a cold start after a rollback, and fails in the end', () => {
    const patient = { ...policy, patient: true };
    expect(assessHealth(ticks('eeeeee'), patient).kind).toBe('probing');
    expect(assessHealth(ticks('eeeeee', spent), patient).kind).toBe('failed');
    expect(assessHealth(ticks('geee'), patient).kind).toBe('failed');
  });

  it('gives the same facts the same answer, whatever the order of asking', () => {
    const facts = ticks('geggeee');
    expect(assessHealth(facts, policy)).toEqual(assessHealth(structuredClone(facts), policy));
  });
});
