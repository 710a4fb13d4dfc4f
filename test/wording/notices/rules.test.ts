import { describe, expect, it, test } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import { conclusionOf, deploymentStateOf } from '../../../shared/domain/notices/commit-status.ts';
import { exposureOf } from '../../../shared/domain/notices/exposure.ts';
import { revenueAtRisk } from '../../../shared/domain/notices/failed-check.ts';
import { rankIssue } from '../../../shared/domain/notices/issue-priority.ts';
import { tellCauses } from '../../../shared/wording/notices/check-run.ts';
import { issueBody } from '../../../shared/wording/notices/issue/issue-body.ts';
import { issueTitle } from '../../../shared/wording/notices/issue/issue-title.ts';
import { statusComment } from '../../../shared/wording/notices/status-comment.ts';
import {
  checkout,
  fingerprint,
  inconclusive,
  notCompared,
  recurring,
  restored,
  unknownCause,
  unrestored,
} from './stories.ts';

describe('the priority of an issue', () => {
  it.each([
    ['fail', 'now', undefined, 'P0'],
    ['fail', 'unrestored', undefined, 'P0'],
    ['fail', 'unknown', undefined, 'P0'],
    ['fail', 'before', undefined, 'P1'],
    ['fail', 'before', 120_000, 'P1'],
    ['fail', 'never', undefined, 'P2'],
    ['fail', 'never', 120_000, 'P1'],
    ['fail', 'never', 0, 'P2'],
    ['inconclusive', 'now', undefined, 'P1'],
    ['inconclusive', 'unknown', undefined, 'P2'],
    ['inconclusive', 'unknown', 10, 'P1'],
    ['inconclusive', 'before', undefined, 'P2'],
    ['inconclusive', 'never', undefined, 'P3'],
    ['inconclusive', 'never', 10, 'P2'],
  ] as const)(
    'of a run that ends with %s, with users %s and %p USD at risk is %p',
    (verdict, exposure, revenueUsd, priority) => {
      expect(rankIssue({ verdict, exposure, revenueUsd }).priority).toBe(priority);
    },
  );
});

describe('the revenue at risk', () => {
  it('is the largest of the checks that fail and count', () => {
    const of = (mrrUsd: number, changes = {}) => ({ ...checkout, impact: { text: 'x', mrrUsd }, ...changes });
    expect(revenueAtRisk([of(5), of(7)])).toBe(7);
    expect(revenueAtRisk([of(5), of(7, { quarantined: true }), of(9, { settlement: 'known' })])).toBe(5);
    expect(revenueAtRisk([{ ...checkout, impact: { text: 'x' } }])).toBeUndefined();
  });
});

describe('what users get', () => {
  const run = { ...restored.run, reasons: [], outcome: undefined };
  const outcome = (code: 'restored' | 'unrestored') => ({ ...run, outcome: { code, text: '' } });
  const noTraffic = { ...run, reasons: [{ code: 'no-traffic' as const, text: '' }] };
  test.each([
    ['now', run, { 'web-2': 5, 'web-1': 95 }],
    ['now', outcome('restored'), { 'web-2': 100 }],
    ['before', run, { 'web-1': 100 }],
    ['before', outcome('restored'), undefined],
    ['unrestored', outcome('unrestored'), { 'web-1': 100 }],
    ['never', noTraffic, { 'web-1': 100 }],
    ['before', { ...noTraffic, baseline: [] }, { 'web-1': 100 }],
    ['unknown', run, undefined],
  ] as const)('is the revision: %s', (exposure, judged, now) => {
    expect(exposureOf(judged, now)).toBe(exposure);
  });
});

describe('a commit', () => {
  it.each([
    ['pass', 'success', 'success'],
    ['fail', 'failure', 'failure'],
    ['inconclusive', 'action_required', 'error'],
    ['superseded', 'cancelled', 'inactive'],
  ] as const)(
    'whose run ends with %s has a check that is %s, and a deployment that is %s',
    (verdict, check, deployment) => {
      expect(conclusionOf({ state: 'closed', verdict })).toBe(check);
      expect(deploymentStateOf({ state: 'closed', verdict })).toBe(deployment);
    },
  );

  it('is not judged before its run ends, except that it failed', () => {
    expect(conclusionOf({ state: 'open' })).toBeUndefined();
    expect(conclusionOf({ state: 'open', verdict: 'inconclusive' })).toBeUndefined();
    expect(deploymentStateOf({ state: 'open' })).toBe('in_progress');
    expect(conclusionOf({ state: 'open', verdict: 'fail' })).toBe('failure');
  });

  it('has causes that are new or old', () => {
    const web7 = 'web-7' as RevisionName;
    expect(tellCauses([{ text: 'a' }])).toBe('1 cause: 1 new');
    expect(tellCauses([{ text: 'a' }, { text: 'b', since: web7 }, { text: 'c' }])).toBe(
      '3 causes: 2 new, 1 old since web-7',
    );
  });
});

describe('an issue', () => {
  it('is titled by the cause, or by what was noticed', () => {
    expect(issueTitle(restored)).toBe('Deploy failed: web: The environment variable DATABASE_URL is not set');
    expect(issueTitle(unknownCause)).toBe('Deploy failed: web: HTTP 503, expected 200');
    expect(issueTitle(inconclusive)).toMatch(/^Deploy not verified: web: Redis/);
  });

  it('has the exact command that takes the rollback back, unless it would undo something newer', () => {
    const undo =
      'gcloud run services update-traffic web --project=acme-staging --region=us-central1 --to-latest';
    expect(issueBody(restored, fingerprint)).toContain(`\`\`\`sh\n${undo}\n\`\`\``);
    expect(issueBody(unknownCause, fingerprint)).not.toContain(undo);
    expect(issueBody(unknownCause, fingerprint)).toContain('nothing to undo: since then web-3 was deployed');
  });

  it('gives the command for the good revision only where users need it and it helps', () => {
    const restore = '--to-revisions=web-1=100';
    expect(issueBody({ ...restored, exposure: 'now' }, fingerprint)).toContain(restore);
    for (const story of [restored, unrestored, inconclusive, notCompared])
      expect(issueBody(story, fingerprint)).not.toContain(restore);
  });

  it('does not advise to move traffic that is back', () => {
    expect(issueBody(restored, fingerprint)).toContain(
      '**Now**: Nothing for users: traffic is back on web-1.',
    );
    expect(issueBody(restored, fingerprint)).not.toContain('Put traffic back');
    expect(issueBody({ ...restored, exposure: 'now' }, fingerprint)).toContain('**Now**: Put traffic back');
  });
});

describe('the status comment', () => {
  it('has the last 20 runs, the newest first, and counts the older ones', () => {
    const lines = statusComment(recurring).match(/^\| 2026-.*$/gm) ?? [];
    expect(lines).toHaveLength(20);
    expect(lines[0]).toContain('web-64');
    expect(statusComment(recurring)).toContain('and 37 earlier runs');
  });
});
