import type { RunId } from '../../../shared/domain/ids.ts';
import type { RunStory } from '../../../shared/domain/notices/run-story.ts';
import { hostileTexts } from './hostile-texts.ts';
import { aDecision, at, checkout, missingVariable, restored } from './stories.ts';

const many = 500;
/** As much as a container prints in a loop. */
const outputLength = 300_000;

/** A run in which every text that is not ours is hostile, and there is far too much of each. */
export function hostileStory(seed: number): RunStory {
  const texts = hostileTexts(seed, many);
  const pick = (n: number) => texts[n % many] ?? '';
  const huge = texts.join('\n').repeat(20).slice(0, outputLength);
  const reasons = [
    { code: 'wrong-status' as const, text: pick(0) },
    { code: 'stable-good' as const, text: pick(1) },
  ];
  return {
    ...restored,
    run: {
      ...restored.run,
      id: '0733e0d708b11b8bc2db' as RunId,
      reasons,
      request: { actor: pick(2), why: pick(3) },
      outcome: { code: 'restored', text: pick(4) },
    },
    decisions: Array.from({ length: 40 }, (_, n) =>
      aDecision({ at: at(n), reasons: [{ code: 'wrong-status', text: n === 0 ? huge : pick(n + 5) }] }),
    ),
    diagnosis: {
      result: {
        ...missingVariable,
        summary: pick(6),
        whys: texts.slice(0, 30).map((text, n) => ({
          question: pick(n + 7),
          answer: text,
          evidence: [pick(n + 8), pick(n + 9)],
        })),
        alternatives: [{ category: 'unknown', confidence: 0.2, summary: pick(10) }],
        missing: [pick(11), pick(12)],
        remediation: { now: pick(13), next: pick(14), later: pick(15) },
      },
      evidence: texts.slice(0, 60).map((text, n) => ({
        ref: pick(n + 16),
        source: 'output' as const,
        text: n < 40 ? huge : text,
      })),
    },
    checks: texts.map((text, n) => ({
      ...checkout,
      suite: 'shop',
      id: text,
      detail: pick(n + 17),
      owner: pick(n + 18),
      impact: { text: pick(n + 19), mrrUsd: n },
    })),
    audits: texts.map((text, n) => ({
      name: text,
      score: pick(n + 20),
      result: pick(n + 21),
      reason: pick(n + 22),
    })),
    outdated: pick(23),
    reproductions: [
      {
        kind: 'request',
        method: pick(24),
        url: `https://web.example.com/${pick(25)}`,
        isPrivate: true,
        expected: pick(26),
      },
      { kind: 'request', method: 'GET', url: pick(27), isPrivate: false, expected: huge },
    ],
    source: { repository: pick(28), commit: pick(29), stableCommit: pick(30) },
    reportUrl: pick(31),
    preventionUrl: pick(32),
  };
}
