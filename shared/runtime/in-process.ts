import { type DocumentRef, documentIn } from '../contracts/document.ts';
import type { Hop, MessageOf } from '../contracts/messages.ts';
import { outbox, runs } from '../contracts/records.ts';
import { describeError, TransientError } from '../domain/errors.ts';
import type { EffectId, RunId } from '../domain/ids.ts';
import type { MessageBus } from '../ports/message-bus.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store } from '../ports/store.ts';
import { loadControls, whyFrozen } from '../services/records/load-controls.ts';
import { sweepTags } from '../services/traffic/sweep-tags.ts';
import { deliverInProcess } from './deliver.ts';
import { watchCommits } from './watch-commits.ts';

/** A bus that delivers within the process, and knows when nothing is under way. */
export interface LocalBus extends MessageBus {
  connect(deliver: <H extends Hop>(hop: H, message: MessageOf<H>) => Promise<void>): void;
  /** @throws the last fault of a message that was given up since the last call */
  idle(): Promise<void>;
}

/** How long unfinished work rests before it is nudged again: the sweep of a single process. */
const nudgeMs = 10_000;
/** More than a run's stages may take together; each has a deadline of its own. */
const patienceMs = 12 * 3_600_000;

/** All services in one process. It finishes what it began, and touches no run that others opened. */
export class InProcess {
  readonly ports: Ports;
  readonly #bus: LocalBus;
  readonly #runs = new Set<RunId>();
  readonly #effects = new Set<EffectId>();

  /** @param onWrite told of every document once its write is durable */
  constructor(
    ports: Omit<Ports, 'bus'>,
    bus: LocalBus,
    onWrite: (ref: DocumentRef<unknown>, store: Store) => void = () => {},
  ) {
    const store = watchCommits(ports.store, (ref) => {
      this.#track(ref);
      onWrite(ref, ports.store);
    });
    this.ports = { ...ports, store, bus };
    this.#bus = bus;
    bus.connect((hop, message) => deliverInProcess(hop, message, this.ports));
  }

  /** The runs that were opened or changed here, in the order of their first change. */
  get runIds(): readonly RunId[] {
    return [...this.#runs];
  }

  /** Begins something and sees it through: what a fault half-way leaves behind is finished before it is thrown on. */
  async finish<T>(begin: () => Promise<T>): Promise<T> {
    try {
      return await begin();
    } finally {
      await this.drain();
      await this.#tidy();
    }
  }

  /**
   * Resolves when every run and every effect that began here has ended.
   * @throws {TransientError} not within twelve hours; or what kept a message from being handled
   */
  async drain(): Promise<void> {
    const { clock, log } = this.ports;
    const startedMs = clock.monotonicMs();
    for (;;) {
      const fault = await this.#bus.idle().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const open = await this.#openWork();
      if (open.length === 0) {
        if (fault) throw fault.error;
        return;
      }
      if (clock.monotonicMs() - startedMs > patienceMs)
        throw new TransientError('the run did not end within twelve hours');
      log.warn({ open: open.length }, `work remains${fault ? `: ${describeError(fault.error)}` : ''}`);
      await clock.sleep(nudgeMs);
      for (const nudge of open) await nudge();
    }
  }

  /** There may be no sweep after this process: its runs give back their tags themselves. */
  async #tidy(): Promise<void> {
    const { store, run: cloudRun, log } = this.ports;
    try {
      for (const runId of this.#runs) {
        const run = (await store.get(documentIn(runs, runId)))?.data;
        if (!run || run.authority === 'observe') continue;
        if (whyFrozen(await loadControls(run.serviceKey, runId, store)) !== undefined) continue;
        const state = await cloudRun.getService(run.ref);
        if (state) await sweepTags(state, runId, this.ports);
      }
      await this.drain();
    } catch (error) {
      // What was asked for is done: a tag that stays is no fault of it.
      log.warn({ code: 'tags' }, `tags were not removed: ${describeError(error)}`);
    }
  }

  async #openWork(): Promise<(() => Promise<void>)[]> {
    const { store, bus } = this.ports;
    const nudges: (() => Promise<void>)[] = [];
    for (const runId of this.#runs) {
      const run = await store.get(documentIn(runs, runId));
      if (run && run.data.state !== 'closed') nudges.push(() => bus.publish('check-health', { runId }));
    }
    for (const effectId of this.#effects) {
      const effect = await store.get(documentIn(outbox, effectId));
      if (effect?.data.state === 'open') nudges.push(() => bus.publish('route-traffic', { effectId }));
    }
    return nudges;
  }

  #track(ref: DocumentRef<unknown>): void {
    if (ref.collection.path === runs.path) this.#runs.add(ref.id as RunId);
    if (ref.collection.path === outbox.path) this.#effects.add(ref.id as EffectId);
  }
}
