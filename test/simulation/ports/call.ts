import type { Kernel } from '../kernel/kernel.ts';
import type { SimProcess } from '../kernel/sim-process.ts';

/** What befalls a process at one of its calls. */
export type CallFault = 'crash-before' | 'crash-after' | 'freeze' | 'stall' | 'answer-lost';

/** How a process calls a port: it parks, and the scheduler decides when the call is made. */
export type Call = <T>(kind: string, detail: string, perform: () => T | Promise<T>) => Promise<T>;

export interface CallHooks {
  /** Asked when the call is about to be made. */
  readonly faultAt: (process: SimProcess, kind: string) => CallFault | undefined;
  readonly absenceMs: (fault: 'freeze' | 'stall') => number;
  readonly kill: (process: SimProcess, where: string) => void;
  /** Told of a commit whose answer is an error although it took effect, and the like. */
  readonly lostAnswer: (kind: string) => Error;
}

export function callsOf(process: SimProcess, kernel: Kernel, hooks: CallHooks): Call {
  return <T>(kind: string, detail: string, perform: () => T | Promise<T>): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (process.dead) return promise;
    const make = () => {
      try {
        resolve(perform());
      } catch (error) {
        reject(error);
      }
    };
    const run = () => {
      const fault = hooks.faultAt(process, kind);
      if (fault === 'crash-before') return hooks.kill(process, `before ${kind}`);
      if (fault === 'freeze' || fault === 'stall') {
        process.wasAway = true;
        return kernel.after(hooks.absenceMs(fault), () =>
          kernel.ready({ actor: process, label: kind, run: make }),
        );
      }
      if (fault === undefined) return make();
      void done(perform);
      if (fault === 'crash-after') return hooks.kill(process, `after ${kind}`);
      reject(hooks.lostAnswer(kind));
    };
    kernel.ready({ actor: process, label: detail === '' ? kind : `${kind} ${detail}`, run });
    return promise;
  };
}

/** Makes the call for its effect alone. */
async function done(perform: () => unknown): Promise<void> {
  try {
    await perform();
  } catch {
    // Nobody hears of it.
  }
}
