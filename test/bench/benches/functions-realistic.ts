import { FunctionsStack } from '../../stack/functions/functions-stack.ts';
import type { Bench, Figure } from '../bench.ts';
import { between } from '../between.ts';
import { measureRollback } from '../measure-functions.ts';

/** As in production: probes 2 s apart, and answers count once traffic has spread. */
const config = {
  health: { interval: '2s', successes: 3, failureThreshold: 3, timeout: '5s', startupBudget: '60s' },
  propagation: '10s',
};

/** The same with Google's delays: functions that keep a process are only frozen when idle, others start cold. Once. */
export const functionsRealistic: Bench = {
  title: 'Rollback through function processes (profile realistic, watch 0s)',
  async run({ firestore, realistic }) {
    if (firestore === undefined || !realistic) return [];
    return [
      ...(await measure(firestore.host, 1, 'min. instances 1')),
      ...(await measure(firestore.host, 0, 'from cold')),
    ];
  },
};

async function measure(firestoreHost: string, minInstances: 0 | 1, how: string): Promise<readonly Figure[]> {
  const options = { profile: 'realistic', config, firestoreHost, minInstances } as const;
  await using stack = await FunctionsStack.start(options);
  const { restoredMs = Number.NaN, report } = await measureRollback(stack, 'web', '2s');
  const { run, health, effects, trafficChanges } = report;
  const lastProbe = health.findLast(({ stage }) => stage === 'health');
  const rollback = effects.find(({ kind }) => kind === 'rollback');
  const change = trafficChanges.find(({ effectId }) => effectId === rollback?.id);
  const watchingMs = between(run.createdAt, lastProbe?.at);
  const updatingMs = between(change?.at, rollback?.endedAt);
  const line = (what: string, ms: number): Figure => ({ what: `${how}: ${what}`, values: [ms], unit: 'ms' });
  return [
    line('message published → traffic restored and read back', restoredMs),
    line("of this: the config's spread and probes", watchingMs),
    line("of this: Cloud Run's own update", updatingMs),
    { ...line('the rest', restoredMs - watchingMs - updatingMs), aim: 2_000 },
  ];
}
