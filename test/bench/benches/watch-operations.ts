import type { Bench, Figure } from '../bench.ts';
import { type LoopMeasure, measureLoop } from '../measure-loop.ts';

/** Six seconds stand for a minute: a look each second for one each ten, a window of six for one of sixty. */
const minutes = 2;
const health = { interval: '50ms', successes: 3 };
const requestLog = { window: '6s', lag: '100ms' };
const watch = { for: `${6 * minutes}s`, minimum: '6s', interval: '1s' };

/** What watching a revision costs beyond the run itself, as in the defaults: a look each 10 s, windows of 60 s. */
export const watchOperations: Bench = {
  title: 'A minute of watch, with a look each 10 s (profile fast; a minute is played in 6 s, once)',
  async run() {
    const options = { profile: 'fast', health: 'ok' } as const;
    const [without, watched] = await Promise.all([
      measureLoop({ ...options, config: { health } }),
      measureLoop({ ...options, config: { health, watch, requestLog } }),
    ]);
    const line = (what: string, count: (run: LoopMeasure) => number): Figure => ({
      what: `${what} per minute`,
      values: [(count(watched) - count(without)) / minutes],
      unit: 'operations',
    });
    return [
      line('writes of the store', (run) => run.writes),
      line('reads of the store', (run) => run.reads),
      line('calls of Cloud Run', (run) => run.runCalls),
      line('reads of the request log', (run) => run.logCalls),
    ];
  },
};
