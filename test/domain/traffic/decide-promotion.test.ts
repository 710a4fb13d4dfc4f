import { describe, expect, it } from '@jest/globals';
import {
  decidePromotion,
  isGivenUp,
  type PromotionEffect,
  type PromotionPolicy,
} from '../../../shared/domain/traffic/decide-promotion.ts';
import type { ShiftFacts } from '../../../shared/domain/traffic/refuse-shift.ts';
import type { ReasonCode } from '../../../shared/domain/verdict.ts';
import { aPin, aRevision, aRun, aService, aServiceRecord, name, now, runId, traffic } from '../entities.ts';

const ready = [aRevision('web-2'), aRevision('web-1')];
const promote: PromotionEffect = { kind: 'promote', stage: 'health' };
const step: PromotionEffect = { kind: 'step', stage: 'step-1' };
const canary: PromotionPolicy = { mode: 'canary', steps: [{ percent: 10 }, { percent: 50 }] };
const gate: PromotionPolicy = { mode: 'gate', steps: [] };
const guard: PromotionPolicy = { mode: 'guard', steps: [] };

const facts = (split: Readonly<Record<string, number>>, changes: Partial<ShiftFacts> = {}): ShiftFacts => ({
  runId,
  run: aRun(),
  service: aService(split),
  known: aServiceRecord(),
  now,
  revisions: ready,
  ...changes,
});
const stepping = { run: aRun({ baseline: traffic({ 'web-1': 100 }) }) };
const withTag = aService(
  { 'web-1': 100 },
  { traffic: [...traffic({ 'web-1': 100 }), { revision: name('web-2'), percent: 0, tag: 'pr-1' }] },
);
const laterPin = aPin({ at: new Date(now.getTime() + 60_000) });
const pinned = { known: aServiceRecord({ pin: aPin() }) };

describe('decidePromotion', () => {
  it.each<[string, ShiftFacts, PromotionEffect, PromotionPolicy, object]>([
    ['all of it behind a gate', facts({ 'web-1': 100 }), promote, gate, { 'web-2': 100 }],
    [
      'the next step',
      facts({ 'web-2': 10, 'web-1': 90 }, stepping),
      step,
      canary,
      { 'web-2': 50, 'web-1': 50 },
    ],
    ['LATEST, where a pin of ours ends', facts({ 'web-1': 100 }, pinned), promote, guard, { LATEST: 100 }],
  ])('gives %s', (_what, known, effect, policy, split) => {
    expect(decidePromotion(known, effect, policy)).toMatchObject({
      kind: 'write',
      traffic: traffic({ ...split }),
    });
  });

  it.each<[string, ShiftFacts, PromotionEffect, PromotionPolicy, string]>([
    [
      'a newer one is ready',
      facts({ 'web-1': 100 }, { revisions: [aRevision('web-3'), ...ready] }),
      promote,
      gate,
      'newer-revision',
    ],
    ['it is gone', facts({ 'web-1': 100 }, { revisions: [] }), promote, gate, 'candidate-not-ready'],
    ['traffic follows LATEST', facts({ LATEST: 100 }), promote, gate, 'follows-latest'],
    ['its share is another', facts({ 'web-2': 20, 'web-1': 80 }, stepping), step, canary, 'share-changed'],
    ['no pin of ours is on', facts({ 'web-1': 100 }), promote, guard, 'not-pinned'],
    [
      'it came before our pin, where deploys have no traffic by themselves',
      facts(
        { 'web-1': 100 },
        { known: aServiceRecord({ pin: { ...laterPin, before: traffic({ 'web-0': 100 }) } }) },
      ),
      promote,
      guard,
      'no-traffic',
    ],
    ['it is a preview', facts({ 'web-1': 100 }, { ...pinned, service: withTag }), promote, guard, 'preview'],
  ])('gives nothing where %s', (_what, known, effect, policy, code) => {
    expect(decidePromotion(known, effect, policy)).toMatchObject({ kind: 'skip', reason: { code } });
  });
});

it.each<[ReasonCode, boolean]>([
  ['newer-revision', true],
  ['aborted', true],
  ['superseded', true],
  ['candidate-failing', true],
  ['traffic-changed', false],
])('a canary whose step was refused for %s is given up: %s', (code, is) => {
  expect(isGivenUp({ code, text: '' })).toBe(is);
});
