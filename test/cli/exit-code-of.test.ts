import { describe, expect, it } from '@jest/globals';
import { exitCodeOf, exitCodeOfDeploy } from '../../shared/cli/exit/exit-code-of.ts';
import { recordsOptionsOf } from '../../shared/cli/options/store-options.ts';
import type { AuditStatus } from '../../shared/domain/audits/audit.ts';
import type { Run } from '../../shared/domain/records/run.ts';
import type { RunReport } from '../../shared/services/query-reports.ts';
import { summarizeRun } from '../../shared/wording/summarize-run.ts';
import { aRun, name, order } from '../domain/entities.ts';

const reportOf = (changes: Partial<Run>) => {
  const run = { ...aRun({ state: 'closed', ...changes }), id: 'r' };
  return { run, decisions: [], effects: [], trafficChanges: [], health: [] } as unknown as RunReport;
};
const pinned = { verdict: 'pass', reasons: [{ code: 'human-pin', text: 'traffic is pinned' }] } as const;

const withoutTraffic = {
  verdict: 'pass',
  reasons: [{ code: 'healthy-without-traffic', text: 'it has no traffic' }],
} as const;

it.each<[string, readonly Partial<Run>[], number]>([
  ['nothing was validated', [], 3],
  ['all passed', [{ verdict: 'pass' }], 0],
  ['one failed', [{ verdict: 'pass' }, { verdict: 'fail', candidate: order('web-3') }], 1],
  [
    'the newest passed, and an older one was superseded',
    [{ verdict: 'superseded' }, { verdict: 'pass', candidate: order('web-3') }],
    0,
  ],
  ['one is not known to be good', [{ verdict: 'inconclusive' }], 3],
  ["a person's pin keeps it from its users", [pinned], 3],
  ['nothing gives it users', [withoutTraffic], 3],
])('the exit code where %s', (_what, runs, code) => {
  expect(exitCodeOf(runs.map(reportOf))).toBe(code);
  expect(exitCodeOfDeploy(runs.map(reportOf))).toBe(code);
});

const audited = (run: Partial<Run>, status?: AuditStatus) => {
  const gate = { name: 'drift', status, gate: true, minimum: 1, rows: [] };
  return {
    ...reportOf(run),
    audits: { gates: ['drift'], ...(status && { results: [gate] }) },
  } as unknown as RunReport;
};

it.each<[string, RunReport[], number]>([
  ['an audit that is a gate has passed', [audited({ verdict: 'pass' }, 'pass')], 0],
  ['an audit that is a gate has failed', [audited({ verdict: 'pass' }, 'fail')], 4],
  ['an audit that is a gate is not known', [audited({ verdict: 'pass' }, 'unknown')], 3],
  ['an audit that is a gate is not made yet', [audited({ verdict: 'pass' })], 3],
  ['a revision has failed, whatever its audits say', [audited({ verdict: 'fail' }, 'fail')], 1],
  ['a verdict is missing, whatever the audits say', [audited({ verdict: 'inconclusive' }, 'fail')], 3],
  [
    'an older revision of the service failed its gate, and the newest passed',
    [audited({ verdict: 'pass' }, 'fail'), audited({ verdict: 'pass', candidate: order('web-3') }, 'pass')],
    0,
  ],
])('the exit code of a deploy where %s', (_what, reports, code) => {
  expect(exitCodeOfDeploy(reports)).toBe(code);
});

it('a summary says what a gate that failed rests on, and what is not made yet', () => {
  expect(summarizeRun(audited({ verdict: 'pass' }))).toContain('audits  not made yet (gates: drift)\n');
  expect(summarizeRun(audited({ verdict: 'pass' }, 'fail'))).toContain(
    'audits  drift fail (gate, at least 1.00)\n',
  );
});

it('a summary says how to give users what a pin keeps from them', () => {
  expect(summarizeRun(reportOf(pinned))).toContain(
    'next    deploy-loop promote web --revision web-2 --why TEXT',
  );
  expect(summarizeRun(reportOf(pinned))).not.toContain('gcloud');
  expect(summarizeRun(reportOf({ verdict: 'pass' }))).not.toContain('promote');
});

it('a summary says that a good revision has no users, and two ways to give them to it', () => {
  const text = summarizeRun(reportOf(withoutTraffic));
  expect(text).toMatch(/^verdict pass {2}web web-2, but it has no traffic$/m);
  expect(text).toMatch(/^next {4}deploy-loop promote web --revision web-2 --why TEXT$/m);
  expect(text).toMatch(/^or {6}gcloud run services update-traffic web .+ --to-revisions=web-2=100$/m);
  expect(summarizeRun(reportOf(withoutTraffic), { changedTo: { 'web-3': 100 } })).not.toMatch(/^next|^or/m);
});

it('a summary names the records in its commands, and no command that needs records where there are none', () => {
  const report = reportOf(withoutTraffic);
  expect(summarizeRun(report, undefined, '--records dl.db')).toContain('--why TEXT --records dl.db\n');
  const text = summarizeRun(report, undefined, null);
  expect(text).toMatch(/^next {4}gcloud run services update-traffic web .+=100$/m);
  expect(text).not.toMatch(/deploy-loop|^or/m);
});

it.each([
  [{ firestore: true, project: 'acme' }, '--firestore acme'],
  [{ firestore: true }, '--firestore PROJECT'],
  [{ firestore: 'other', project: 'acme' }, '--firestore other'],
  [{ records: 'my dl.db' }, "--records 'my dl.db'"],
  [{ project: 'acme' }, undefined],
] as const)('another command names the records of %j', (options, text) => {
  expect(recordsOptionsOf(options)).toBe(text);
});

it('a summary tells the times in their order, and of an open run no reason', () => {
  const report = reportOf({ state: 'open' });
  const after = (seconds: number) => new Date(report.run.createdAt.getTime() + seconds * 1000);
  const step = { kind: 'step', state: 'done', createdAt: after(4), endedAt: after(5) };
  const decision = { stage: 'step-1', verdict: 'inconclusive', at: after(20) };
  const text = summarizeRun({ ...report, decisions: [decision], effects: [step] } as unknown as RunReport);
  expect(text).toMatch(/^times +promoted after 5 s, decided after 20 s$/m);
  expect(text).not.toMatch(/^why/m);
});

describe('the summary of a run that had ended before', () => {
  const outcome = { code: 'restored', text: 'web answers well again' } as const;
  const closedAt = new Date('2026-03-02T09:00:00Z');
  const report = reportOf({ verdict: 'fail', target: name('web-1'), outcome, closedAt });

  it('says so where its outcome still holds', () => {
    const text = summarizeRun(report, {});
    expect(text).toContain('note    handled earlier (2026-03-02T09:00:00.000Z)\n');
    expect(text).toContain('restored');
    expect(text).not.toContain('rerun');
  });

  it('says how to have it judged again where it changed nothing for users', () => {
    const observed = reportOf({ verdict: 'fail', authority: 'observe', closedAt });
    const line = 'next    to have it judged again: deploy-loop rerun web --revision web-2 --why TEXT\n';
    expect(summarizeRun(observed, {})).toContain(line);
    expect(summarizeRun(observed, { isOwn: true })).not.toContain('rerun');
    expect(summarizeRun(reportOf({ verdict: 'pass', closedAt }), {})).not.toContain('rerun');
  });

  it.each([
    ['has changed since', { changedTo: { 'web-2': 100 } }, 'since then traffic has changed to web-2 100 %'],
    ['cannot be read', { unread: 'UNAVAILABLE' }, 'the traffic is not known now: UNAVAILABLE'],
  ])('claims nothing where traffic %s', (_what, earlier, sentence) => {
    const text = summarizeRun(report, earlier);
    expect(text).toContain(sentence);
    expect(text).not.toMatch(/restored|traffic is back|undo/);
  });
});
