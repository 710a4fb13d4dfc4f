import type { Bench } from '../bench.ts';
import { type LoopMeasure, measureLoop } from '../measure-loop.ts';
import { repeat } from '../repeat.ts';

const config = { mode: 'gate', health: { interval: '200ms', successes: 3, failureThreshold: 3 } };

/** How fast a deploy without traffic gets it: the guard's own time, and the pause in which it waits for a tag's URL. */
export const gateTimes: Bench = {
  title:
    'Promotion of a healthy deploy in mode gate (profile fast, store in memory; pauses between probes subtracted; watch 0s)',
  async run() {
    const options = { profile: 'fast', health: 'ok', config, noTraffic: true } as const;
    const runs = await repeat(9, () => measureLoop(options));
    const line = (what: string, measure: (run: LoopMeasure) => number) => ({
      what: `message arrives → ${what}`,
      values: runs.map(measure),
      unit: 'ms' as const,
    });
    const net = (run: LoopMeasure, ms: number | undefined) => (ms ?? Number.NaN) - run.scheduledMs.health;
    return [
      line('decided', (run) => net(run, run.decidedMs)),
      line('promoted', (run) => net(run, run.promotedMs)),
      line('read back, and asked again', (run) => net(run, run.watchedMs)),
      line(
        'the same without the wait for the URL of the tag',
        (run) => net(run, run.watchedMs) - tagWaitMs(run),
      ),
    ];
  },
};

/** From the tag that Cloud Run has taken to the first answer at its URL. */
function tagWaitMs({ report: { effects, health } }: LoopMeasure): number {
  const taggedAt = effects.find(({ kind }) => kind === 'tag')?.endedAt;
  const [first] = health;
  return taggedAt && first ? first.at.getTime() - taggedAt.getTime() : Number.NaN;
}
