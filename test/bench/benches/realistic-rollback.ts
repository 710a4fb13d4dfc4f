import type { Bench, Figure } from '../bench.ts';
import { between } from '../between.ts';
import { type LoopMeasure, measureLoop } from '../measure-loop.ts';

const seeds = 20;
/** These runs mostly wait, so some at a time take no time from each other. */
const atOnce = 3;

/** As in production: probes 2 s apart. */
const health = {
  interval: '2s',
  successes: 3,
  failureThreshold: 3,
  timeout: '5s',
  startupBudget: '60s',
} as const;
const propagation = '10s';

/** What a user of Google's Cloud Run would see, played by the local cloud's realistic profile. */
export const realisticRollback: Bench = {
  title: 'Rollback of a deploy that answers 503 (profile realistic, watch 0s; nothing subtracted)',
  async run({ realistic }) {
    if (!realistic) return [];
    const named = { ...health, revision: { header: 'x-revision' } };
    return [
      ...figuresOf('health.revision', 12_000, await measureSeeds({ health: named, propagation }, true)),
      ...figuresOf('without', 18_000, await measureSeeds({ health, propagation }, false)),
    ];
  },
};

/** Each with delays of its own. */
async function measureSeeds(
  config: Parameters<typeof measureLoop>[0]['config'],
  named: boolean,
): Promise<readonly LoopMeasure[]> {
  const left = Array.from({ length: seeds }, (_, n) => n + 1);
  const runs: LoopMeasure[] = [];
  const work = async () => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift())
      runs.push(await measureLoop({ profile: 'realistic', health: '503', config, named, seed }));
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return runs;
}

function figuresOf(how: string, aim: number, runs: readonly LoopMeasure[]): Figure[] {
  const line = (what: string, value: (run: LoopMeasure) => number | undefined) => ({
    what: `${how}: message arrives → ${what}`,
    values: runs.map((run) => value(run) ?? Number.NaN),
    unit: 'ms' as const,
  });
  return [
    line('first probe that counts', firstLookMs),
    line('decided', (run) => run.decidedMs),
    { ...line('traffic restored and read back', (run) => run.restoredMs), aim },
    { ...line('', updateMs), what: `${how}: of this, Cloud Run's own update` },
    line('re-verified', (run) => run.verifiedMs),
  ];
}

/** When the first look at which the deploy was asked, and stable beside it, had ended. */
function firstLookMs({ decidedMs, report }: LoopMeasure): number {
  const decided = report.decisions.find(({ stage }) => stage === 'health');
  return decidedMs - between(report.health[0]?.at, decided?.at);
}

/** From the write of the rollback to its read back. */
function updateMs({ report: { effects, trafficChanges } }: LoopMeasure): number {
  const rollback = effects.find(({ kind }) => kind === 'rollback');
  const change = trafficChanges.find(({ effectId }) => effectId === rollback?.id);
  return between(change?.at, rollback?.endedAt);
}
