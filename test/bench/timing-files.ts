import { readdir } from 'node:fs/promises';
import { readTimings } from '../../shared/cli/input/read-timings.ts';
import { fileOfTest } from '../../shared/domain/checks/file-of-test.ts';
import { estimateDurations } from '../../shared/domain/shards/estimate-durations.ts';
import type { PlannableCheck } from '../../shared/domain/shards/shard-plan.ts';
import { aDrifted, aSuiteOf } from '../domain/shards/suites.ts';

/** A suite to plan: what is known of it, and what its tests really take, in ms. */
export interface PlanCase {
  readonly checks: readonly PlannableCheck[];
  readonly actual: ReadonlyMap<string, number>;
}

export interface PlanCases {
  /** What is known is what tests take. */
  readonly fresh: readonly PlanCase[];
  /** What is known is older. */
  readonly stale: readonly PlanCase[];
}

const unknownMs = 1_000;
const older = '--prior.json';

/** Made up: most tests take milliseconds, some seconds, and some months later a twelfth of them is new. */
export function madeUpCases(): PlanCases {
  const seeds = [1, 2, 3, 4, 5, 6];
  const fresh = seeds.map((seed) => aSuiteOf({ seed, tests: 1_500 }));
  return {
    fresh: fresh.map((actual) => ({ checks: expect(actual, actual), actual })),
    stale: seeds.map((seed) => aDrifted({ seed, tests: 1_500 })),
  };
}

/** `NAME.json` and, for some, `NAME--prior.json` in a folder, each as `deploy-loop plan --timings` reads it. */
export async function casesIn(folder: string): Promise<PlanCases> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json') && file !== 'manifest.json');
  const all = new Map<string, ReadonlyMap<string, number>>();
  for (const file of files) {
    const seconds = await readTimings(file, folder);
    all.set(file, new Map([...seconds].map(([id, s]) => [id, s * 1_000])));
  }
  return {
    fresh: [...all.values()].map((actual) => ({ checks: expect(actual, actual), actual })),
    stale: [...all].flatMap(([file, known]) => {
      const actual = file.endsWith(older) ? all.get(`${file.slice(0, -older.length)}.json`) : undefined;
      return actual ? [{ checks: expect(actual, known), actual }] : [];
    }),
  };
}

function expect(
  actual: ReadonlyMap<string, number>,
  known: ReadonlyMap<string, number>,
): readonly PlannableCheck[] {
  return estimateDurations(
    [...actual.keys()].map((id) => ({ id, file: fileOfTest(id), historyMs: known.get(id) })),
    unknownMs,
  );
}
