import type { Diagnosis } from '../../../shared/domain/diagnosis/diagnose-incident.ts';
import type {
  BuildId,
  ConfigDigest,
  EffectId,
  Etag,
  RevisionName,
  RunId,
} from '../../../shared/domain/ids.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import type { FailedCheck } from '../../../shared/domain/notices/failed-check.ts';
import type { IssueHistory } from '../../../shared/domain/notices/recurrence.ts';
import type { RunStory } from '../../../shared/domain/notices/run-story.ts';
import type { DecisionRecord } from '../../../shared/domain/records/decision-record.ts';
import { aRef } from '../../builders.ts';

/** Invented runs of an invented shop. */
const runId = '0733e0d708b11b8bc2db' as RunId;
const good = 'web-1' as RevisionName;
const bad = 'web-2' as RevisionName;
const serviceKey = serviceKeyOf(aRef);
export const fingerprint = 'c0ffee00c0ffee00c0ff';

/** @param seconds after the run was opened */
export function at(seconds: number): Date {
  return new Date(Date.parse('2026-03-02T09:00:00Z') + seconds * 1000);
}

export function aDecision(changes: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    runId,
    stage: 'health',
    verdict: 'fail',
    reasons: [
      { code: 'wrong-status', text: 'HTTP 503, expected 200' },
      { code: 'stable-good', text: 'the same probe passes on the stable revision' },
    ],
    action: 'rollback',
    alert: true,
    effects: [],
    facts: 3,
    startedAt: at(0),
    at: at(14),
    ...changes,
  };
}

export const missingVariable: Diagnosis = {
  category: 'missing-env-or-secret',
  confidence: 0.92,
  summary: 'The environment variable DATABASE_URL is not set.',
  whys: [
    { question: 'What was noticed?', answer: 'HTTP 503, expected 200', evidence: ['probe:health.2'] },
    { question: 'How did the process end?', answer: 'the process exited with code 1', evidence: ['log:a1'] },
    {
      question: 'Why?',
      answer: 'the environment variable DATABASE_URL is not set',
      evidence: ['log:a2'],
    },
    { question: 'Where in the code?', answer: '/app/settings.py:41', evidence: ['log:a2'] },
    {
      question: 'What has changed?',
      answer: 'env.DATABASE_URL is set on stable, and not on this revision',
      evidence: ['diff:env.DATABASE_URL'],
    },
  ],
  alternatives: [
    {
      category: 'dependency-unavailable/db',
      confidence: 0.21,
      summary: 'The database refuses the connection.',
    },
  ],
  missing: [],
  suggestedAction: 'fix-config',
  remediation: {
    now: 'Put traffic back if users are affected.',
    next: 'Set the variable or secret on the service, and deploy again.',
    later: 'Check all required settings when the process starts, and name each one that is missing.',
  },
};

const traceback = `Traceback (most recent call last):
  File "/app/main.py", line 7, in <module>
    from settings import settings
  File "/app/settings.py", line 41, in <module>
    DATABASE_URL = os.environ["DATABASE_URL"]
KeyError: 'DATABASE_URL'`;

export const checkout: FailedCheck = {
  suite: 'shop',
  id: 'tests/test_checkout.py::test_pay',
  priority: 'P1',
  settlement: 'regression',
  quarantined: false,
  detail: 'HTTP 503: no instance is available',
  owner: 'shop-team',
  impact: { text: 'nobody can pay', mrrUsd: 120_000 },
};

/** The first failure of its cause; users are back on the good revision. */
export const restored: RunStory = {
  run: {
    id: runId,
    ref: aRef,
    serviceKey,
    name: 'web',
    configDigest: 'd'.repeat(20) as ConfigDigest,
    candidate: { revision: bad, createTime: at(-6) },
    attempt: 1,
    openedBy: 'build',
    build: {
      id: '00000000-0000-4000-8000-000000000001' as BuildId,
      name: 'projects/123456/locations/us-central1/builds/00000000-0000-4000-8000-000000000001',
      status: 'SUCCESS',
      resolvedBy: 'label',
      commit: '4f2a9c1d7e6b5a4938271605f4e3d2c1b0a99887',
    },
    authority: 'full',
    state: 'closed',
    stage: 'reverify',
    stageStartedAt: at(15),
    stable: good,
    target: good,
    verdict: 'fail',
    reasons: aDecision().reasons,
    action: 'rollback',
    alert: true,
    outcome: { code: 'restored', text: 'web-1 answers well at 3 looks in a row' },
    createdAt: at(0),
    closedAt: at(31),
  },
  decisions: [
    aDecision(),
    aDecision({
      stage: 'reverify',
      verdict: 'pass',
      reasons: [{ code: 'restored', text: 'web-1 answers well at 3 looks in a row' }],
      action: 'none',
      at: at(31),
    }),
  ],
  effects: [
    {
      serviceKey,
      ref: aRef,
      kind: 'rollback',
      runId,
      stage: 'health',
      state: 'done',
      outcome: { code: 'rolled-back', text: 'traffic is back on web-1' },
      createdAt: at(14),
      endedAt: at(16.2),
    },
  ],
  trafficChanges: [
    {
      effectId: `${runId}.health.rollback` as EffectId,
      runId,
      serviceKey,
      ref: aRef,
      actor: 'deploy-loop',
      why: 'HTTP 503, expected 200',
      etag: 'e1' as Etag,
      generation: '7',
      before: [{ percent: 100 }],
      after: [{ revision: good, percent: 100 }],
      target: good,
      outcome: 'accepted',
      at: at(15.1),
    },
  ],
  diagnosis: {
    madeAt: at(38),
    result: missingVariable,
    evidence: [
      { ref: 'probe:health.2', source: 'answer', text: 'HTTP 503: Service Unavailable', at: at(12) },
      { ref: 'log:a1', source: 'platform', text: 'Container called exit(1).', at: at(4) },
      { ref: 'log:a2', source: 'output', text: traceback, at: at(3.8) },
      { ref: 'diff:env.DATABASE_URL', source: 'diff', text: 'env.DATABASE_URL: (set) -> (absent)' },
    ],
  },
  checks: [],
  exposure: 'before',
  reproductions: [
    {
      kind: 'request',
      method: 'GET',
      url: 'https://web-abc123-uc.a.run.app/health?deep=1',
      isPrivate: false,
      expected: 'HTTP 200, JSON with status = healthy',
    },
  ],
  source: {
    repository: 'acme/shop',
    commit: '4f2a9c1d7e6b5a4938271605f4e3d2c1b0a99887',
    stableCommit: 'b7c6d5e4f3a2918070605040302010f0e0d0c0b0',
  },
  records: '--firestore acme-tools',
  reportUrl: `https://deploy-loop.example.com/runs/${runId}`,
};

/** The rollback did not help: users still get errors, and money is lost. */
export const unrestored: RunStory = {
  ...restored,
  run: {
    ...restored.run,
    outcome: { code: 'unrestored', text: 'web-1 answers HTTP 500 at 5 looks in a row' },
  },
  decisions: [
    aDecision(),
    aDecision({
      stage: 'reverify',
      reasons: [{ code: 'unrestored', text: 'web-1 answers HTTP 500 at 5 looks in a row' }],
      action: 'none',
      at: at(30),
    }),
  ],
  checks: [
    checkout,
    {
      ...checkout,
      id: 'tests/test_mail.py::test_receipt',
      priority: 'P3',
      settlement: 'known',
      detail: 'timeout after 30 s',
      impact: undefined,
      owner: 'mail-team',
    },
  ],
  exposure: 'unrestored',
  reproductions: [
    {
      kind: 'suite',
      suite: 'shop',
      command: 'uv run pytest tests/test_checkout.py::test_pay --base-url "$TARGET_URL"',
    },
  ],
  audits: [
    {
      name: 'start-up',
      score: '4 of 10',
      result: 'fails',
      reason: 'settings are read one by one, at import',
    },
    { name: 'health path', score: '9 of 10', result: 'passes', reason: 'it reports the database' },
  ],
};

/** The policy is `notify`, and there is no good revision yet; the service is private. */
export const notCompared: RunStory = {
  ...restored,
  run: {
    ...restored.run,
    stable: undefined,
    target: undefined,
    stage: 'health',
    action: 'none',
    outcome: undefined,
    reasons: [
      { code: 'wrong-status', text: 'HTTP 503, expected 200' },
      { code: 'not-compared', text: 'there is no stable revision to compare with' },
    ],
    closedAt: at(14),
  },
  decisions: [
    aDecision({
      reasons: [
        { code: 'wrong-status', text: 'HTTP 503, expected 200' },
        { code: 'not-compared', text: 'there is no stable revision to compare with' },
      ],
      action: 'none',
    }),
  ],
  effects: [],
  trafficChanges: [],
  diagnosis: undefined,
  exposure: 'now',
  reproductions: [
    {
      kind: 'request',
      method: 'GET',
      url: 'https://web-abc123-uc.a.run.app/health',
      isPrivate: true,
      expected: 'HTTP 200',
    },
  ],
  source: undefined,
  reportUrl: undefined,
};

/** A dependency is down, for stable too. */
export const inconclusive: RunStory = {
  ...restored,
  run: {
    ...restored.run,
    verdict: 'inconclusive',
    target: undefined,
    stage: 'health',
    action: 'none',
    outcome: undefined,
    reasons: [
      { code: 'dependency', text: 'the stable revision fails too: HTTP 503, expected 200' },
      { code: 'wrong-status', text: 'HTTP 503, expected 200' },
    ],
    closedAt: at(14),
  },
  decisions: [aDecision({ verdict: 'inconclusive', action: 'none' })],
  effects: [],
  trafficChanges: [],
  diagnosis: {
    madeAt: at(20),
    result: {
      ...missingVariable,
      category: 'dependency-unavailable/redis',
      confidence: 0.71,
      summary: 'Redis at 10.0.0.3:6379 refuses the connection.',
      whys: missingVariable.whys.slice(0, 1),
      alternatives: [],
      missing: ["Cloud Run's own log of the revision"],
      suggestedAction: 'none',
      remediation: {
        now: 'Check whether the dependency itself is up; a rollback does not bring it back.',
        next: 'Fix the address, the credentials or the route (VPC, egress, firewall) to it.',
        later: 'Let the health path report the dependency apart from the service.',
      },
    },
    evidence: [],
  },
  exposure: 'now',
};

/** The evidence names no cause; a newer deploy has come since. */
export const unknownCause: RunStory = {
  ...restored,
  outdated: 'since then web-3 was deployed',
  diagnosis: {
    madeAt: at(38),
    result: {
      ...missingVariable,
      category: 'unknown',
      confidence: 0,
      summary: 'The evidence names no cause.',
      whys: missingVariable.whys.slice(0, 1),
      alternatives: [],
      missing: ['the output of the container (stdout and stderr)', "Cloud Run's own log of the revision"],
      suggestedAction: 'none',
      remediation: {
        now: 'Put traffic back if users are affected.',
        next: 'Collect what is missing, then diagnose again.',
        later: 'Log one line with the cause before the process ends.',
      },
    },
    evidence: [],
  },
};

/** The same cause again, 25 runs later. */
export const recurring: IssueHistory = {
  fingerprint,
  count: 57,
  firstAt: at(0),
  recurrences: Array.from({ length: 25 }, (_, n) => ({
    runId,
    revision: `web-${n + 40}` as RevisionName,
    verdict: n % 7 === 3 ? ('inconclusive' as const) : ('fail' as const),
    outcome:
      n % 7 === 3 ? undefined : { code: 'restored' as const, text: 'web-1 answers well at 3 looks in a row' },
    at: at(3600 * (n + 1)),
    reportUrl: `https://deploy-loop.example.com/runs/${runId}`,
  })),
};

/** It passes again. */
export const solved: IssueHistory = {
  ...recurring,
  count: 1,
  recurrences: recurring.recurrences.slice(0, 1),
  solved: { runId, revision: 'web-5' as RevisionName, at: at(90_000) },
};

/** The run that passes again, and has its traffic. */
export const passed: RunStory = {
  ...restored,
  run: {
    ...restored.run,
    candidate: { revision: 'web-5' as RevisionName, createTime: at(89_000) },
    verdict: 'pass',
    stage: 'watch',
    target: undefined,
    reasons: [{ code: 'healthy', text: 'healthy at 3 looks in a row' }],
    action: 'mark-good',
    alert: false,
    outcome: { code: 'recorded-good', text: 'web-5 is recorded as good' },
    createdAt: at(89_006),
    closedAt: at(90_000),
  },
  decisions: [],
  effects: [],
  trafficChanges: [],
  diagnosis: undefined,
  exposure: 'now',
};
