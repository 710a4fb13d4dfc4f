import { type DocumentRef, documentIn } from '../contracts/document.ts';
import type { Hop, MessageOf } from '../contracts/messages.ts';
import { outbox, runs } from '../contracts/records.ts';
import { describeError, TransientError } from '../domain/errors.ts';
import type { EffectId, RunId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { MessageBus } from '../ports/message-bus.ts';
import type { Ports } from '../ports/ports.ts';
import type { Store } from '../ports/store.ts';
import { loadControls, whyFrozen } from '../services/records/load-controls.ts';
import { sweepTags } from '../services/traffic/sweep-tags.ts';
import { deliverInProcess } from './deliver.ts';
import { StoppablePorts } from './stop/stoppable-ports.ts';
import { tellInTime } from './tell-in-time.ts';
import { watchCommits } from './watch-commits.ts';

/** A bus that delivers within the process, and knows when no message is in progress. */
export interface LocalBus extends MessageBus {
  connect(deliver: <H extends Hop>(hop: H, message: MessageOf<H>) => Promise<void>): void;
  /** @throws the last error of a message that was given up since the last call */
  idle(): Promise<void>;
}

/** The pause after which unfinished work is nudged again, in place of the sweep. */
const nudgeMs = 10_000;
/** More than all stages of a run may take together; each has a deadline of its own. */
const patienceMs = 12 * 3_600_000;

/** All services in one process. It finishes its own work, and touches no run of another process. */
export class InProcess {
  readonly ports: Ports;
  readonly #bus: LocalBus;
  readonly #stop: AbortSignal;
  readonly #stoppable: StoppablePorts;
  /** That of the caller: it goes on when the work is stopped. */
  readonly #clock: Clock;
  readonly #runs = new Set<RunId>();
  readonly #effects = new Set<EffectId>();

  /**
   * @param onWrite called for every document once its write is durable
   * @param stop stops the work when it aborts; its reason is thrown to the caller of `finish`
   */
  constructor(
    ports: Omit<Ports, 'bus'>,
    bus: LocalBus,
    onWrite: (ref: DocumentRef<unknown>, store: Store) => void = () => {},
    stop: AbortSignal = new AbortController().signal,
  ) {
    const store = watchCommits(ports.store, (ref) => {
      this.#track(ref);
      onWrite(ref, ports.store);
    });
    this.#stop = stop;
    this.#stoppable = new StoppablePorts(stop);
    this.#clock = ports.clock;
    this.ports = this.#stoppable.wrap({ ...ports, store, bus });
    this.#bus = bus;
    bus.connect(async (hop, message) => {
      if (stop.aborted) return;
      const work = deliverInProcess(hop, message, this.ports);
      await (hop === 'notify' ? tellInTime(work, ports) : work);
    });
  }

  /** The runs that were opened or changed here, in the order of their first change. */
  get runIds(): readonly RunId[] {
    return [...this.#runs];
  }

  /** The effects that were requested or changed here. */
  get effectIds(): readonly EffectId[] {
    return [...this.#effects];
  }

  /**
   * Starts some work and waits until it has ended. After an error, the work that was started is finished before the
   * error is thrown.
   * @throws the reason of the stop signal, once no call is in progress; then nothing goes on
   */
  async finish<T>(begin: () => Promise<T>): Promise<T> {
    try {
      return await this.#stoppable.unlessStopped(this.#carryOut(begin), this.#clock);
    } finally {
      // A stop that comes only now leaves tags behind, and no more.
      if (!this.#stop.aborted) await this.#stoppable.unlessStopped(this.#tidy(), this.#clock).catch(() => {});
    }
  }

  async #carryOut<T>(begin: () => Promise<T>): Promise<T> {
    this.#stop.throwIfAborted();
    try {
      return await begin();
    } finally {
      await this.drain();
    }
  }

  /**
   * Resolves when every run and every effect that was started here has ended.
   * @throws {TransientError} after twelve hours; or the error that kept a message from being handled
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

  /** No sweep may follow this process, so it removes the tags of its runs itself. */
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
      // The requested work is done: a tag that could not be removed does not change that.
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
