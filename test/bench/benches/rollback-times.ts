import type { Bench, Figure } from '../bench.ts';
import { type LoopMeasure, measureLoop } from '../measure-loop.ts';
import { repeat } from '../repeat.ts';

const config = { health: { interval: '200ms', successes: 3, failureThreshold: 3 } };

/** How fast a deploy that answers 503 is rolled back: the guard's own time, without the pauses between its probes. */
export const rollbackTimes: Bench = {
  title:
    'Rollback of a deploy that answers 503 (profile fast, store in memory; pauses between probes subtracted; watch 0s)',
  async run() {
    const runs = await repeat(9, () => measureLoop({ profile: 'fast', health: '503', config }));
    return figuresOf(runs);
  },
};

function figuresOf(runs: readonly LoopMeasure[]): Figure[] {
  const net = (measure: (run: LoopMeasure) => number) => runs.map(measure);
  return [
    {
      what: 'message arrives → decided',
      values: net((run) => run.decidedMs - run.scheduledMs.health),
      unit: 'ms',
    },
    {
      what: 'message arrives → traffic restored and read back',
      values: net((run) => (run.restoredMs ?? Number.NaN) - run.scheduledMs.health),
      unit: 'ms',
      aim: 1_000,
    },
    {
      what: 'message arrives → re-verified',
      values: net(
        (run) => (run.verifiedMs ?? Number.NaN) - run.scheduledMs.health - run.scheduledMs.reverify,
      ),
      unit: 'ms',
    },
  ];
}
