import { FunctionsStack } from '../../stack/functions-stack.ts';
import type { Bench } from '../bench.ts';
import { measureRollback } from '../measure-functions.ts';

/** As in production: probes 2 s apart, and answers count once traffic has spread. */
const config = {
  health: { interval: '2s', successes: 3, failureThreshold: 3, timeout: '5s', startupBudget: '60s' },
  spread: '10s',
};

/** The same with Google's delays, which also hit the functions: they are frozen when idle, and start cold. Once. */
export const functionsRealistic: Bench = {
  title: 'Rollback through function processes (profile realistic)',
  async run({ firestore, realistic }) {
    if (firestore === undefined || !realistic) return [];
    const firestoreHost = firestore.host;
    await using stack = await FunctionsStack.start({ profile: 'realistic', config, firestoreHost });
    const { restoredMs = Number.NaN, report } = await measureRollback(stack, 'web', '2s');
    const facts = report.health.filter(({ stage }) => stage === 'health');
    const probingMs = between(facts[0]?.at, facts.at(-1)?.at);
    const rollback = report.effects.find(({ kind }) => kind === 'rollback');
    const change = report.trafficChanges.find(({ effectId }) => effectId === rollback?.id);
    const updatingMs = between(change?.at, rollback?.endedAt);
    return [
      { what: 'message published → traffic restored and read back', values: [restoredMs], unit: 'ms' },
      { what: 'of this: from the first probe to the last', values: [probingMs], unit: 'ms' },
      { what: "of this: Cloud Run's own update", values: [updatingMs], unit: 'ms' },
      { what: 'the rest', values: [restoredMs - probingMs - updatingMs], unit: 'ms', aim: 2_000 },
    ];
  },
};

function between(from: Date | undefined, to: Date | undefined): number {
  return from && to ? to.getTime() - from.getTime() : Number.NaN;
}
