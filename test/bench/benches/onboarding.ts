import type { Bench } from '../bench.ts';
import { measureLoop } from '../measure-loop.ts';
import { repeat } from '../repeat.ts';

const config = { health: { interval: '50ms', successes: 3 } };

/** How long `apply` takes until the revision that serves is known to be good; two pauses between probes included. */
export const onboarding: Bench = {
  title:
    'apply of one service until its serving revision is recorded as good (profile fast, probes 50 ms apart, watch 0s)',
  async run({ firestore }) {
    const on = async (name: string, firestoreHost: string | undefined) => {
      const runs = await repeat(5, () =>
        measureLoop({ profile: 'fast', health: 'ok', config, firestoreHost }),
      );
      return { what: name, values: runs.map((run) => run.onboardingMs), unit: 'ms' as const };
    };
    const inMemory = await on('in memory', undefined);
    return firestore === undefined ? [inMemory] : [inMemory, await on('Firestore emulator', firestore.host)];
  },
};
