import type { Bench } from '../bench.ts';
import { measureLoop } from '../measure-loop.ts';

/** As in production: probes 2 s apart, and answers count once traffic has spread. */
const config = {
  health: { interval: '2s', successes: 3, failureThreshold: 3, timeout: '5s', startupBudget: '60s' },
  propagation: '10s',
};

/** What a user of Google's Cloud Run would see, played by the local cloud's realistic profile; once. */
export const realisticRollback: Bench = {
  title: 'Rollback of a deploy that answers 503 (profile realistic, watch 0s; nothing subtracted)',
  async run({ realistic }) {
    if (!realistic) return [];
    const run = await measureLoop({ profile: 'realistic', health: '503', config });
    const line = (what: string, value: number | undefined) => ({
      what: `realistic: message arrives → ${what}`,
      values: [value ?? Number.NaN],
      unit: 'ms' as const,
    });
    return [
      line('decided', run.decidedMs),
      line('traffic restored and read back', run.restoredMs),
      line('re-verified', run.verifiedMs),
    ];
  },
};
