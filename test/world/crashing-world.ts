import type { Config } from '../../shared/contracts/config.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import type { Store } from '../../shared/ports/store.ts';
import { deliverInProcess } from '../../shared/runtime/deliver.ts';
import { World } from './world.ts';

export interface CrashPoint {
  /** Counted over all calls of store, bus, Cloud Run, Cloud Build and prober, from 1. */
  readonly nth: number;
  /** Whether the call itself still takes effect. */
  readonly when: 'before' | 'after';
}

/** A world in which the process that makes one chosen call dies there; its message is delivered again. */
export class CrashingWorld extends World {
  /** Which call it was, for the failure message. */
  crashedAt: string | undefined;
  #armed = false;
  #calls = 0;
  #point: CrashPoint = { nth: 0, when: 'before' };

  static override async create({
    nth,
    when,
    config,
  }: CrashPoint & { config?: Config; wrap?: (store: Store) => Store }): Promise<CrashingWorld> {
    const world = new CrashingWorld((store) => store);
    await world.applyConfig(config);
    world.#point = { nth, when };
    world.bus.connect((hop, message) => {
      // A process that dies neither resolves nor rejects: its delivery simply ends without an acknowledgement.
      const { promise: died, reject } = Promise.withResolvers<void>();
      const mortal = world.#mortal(() => reject(new Error('the process died')));
      return Promise.race([deliverInProcess(hop, message, mortal), died]);
    });
    return world;
  }

  arm(): void {
    this.#armed = true;
  }

  get crashed(): boolean {
    return this.crashedAt !== undefined;
  }

  #mortal(die: () => void): Ports {
    let dead = false;
    const wrap = <P extends object>(port: P, name: string): P =>
      new Proxy(port, {
        get: (target, method) => {
          const original: unknown = Reflect.get(target, method);
          if (typeof original !== 'function') return original;
          return async (...args: unknown[]) => {
            if (dead) return new Promise(() => undefined);
            const dies = this.#armed && ++this.#calls === this.#point.nth;
            if (dies) this.crashedAt = `${name}.${String(method)}`;
            if (!dies || this.#point.when === 'after') {
              const result: unknown = await Reflect.apply(original, target, args);
              if (!dies) return dead ? new Promise(() => undefined) : result;
            }
            dead = true;
            die();
            return new Promise(() => undefined);
          };
        },
      });
    const { store, bus, run, builds, prober, checks, logs } = this.ports;
    return {
      ...this.ports,
      store: wrap(store, 'store'),
      bus: wrap(bus, 'bus'),
      run: wrap(run, 'run'),
      builds: wrap(builds, 'builds'),
      prober: wrap(prober, 'prober'),
      checks: wrap(checks, 'checks'),
      logs: wrap(logs, 'logs'),
    };
  }
}
