import { type DocumentRef, documentIn } from '../../contracts/document.ts';
import { stagePolicyOf } from '../../contracts/policies.ts';
import {
  type DecisionRecord,
  decisions,
  type EffectRecord,
  type FailureRecord,
  type HealthFactRecord,
  healthOf,
  intents,
  outbox,
  type PlanHeadRecord,
  planHeadId,
  type RunRecord,
  runs,
  services,
  waitingRuns,
} from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import { formatSplit, specSplit } from '../../domain/service-state.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Store } from '../../ports/store.ts';
import { loadServiceConfig } from '../../services/records/load-config.ts';
import { describeEffect } from '../../wording/describe-effect.ts';
import { describeStage, soakMsOf } from '../../wording/describe-stage.ts';
import { describeTick } from '../../wording/describe-tick.ts';
import { commandOn } from '../../wording/mend-of.ts';
import { noGoodYet } from '../../wording/nothing-yet.ts';
import { ChecksProgress } from './checks-progress.ts';
import { describeRunHolds } from './describe-run-holds.ts';
import type { Mark, Progress } from './progress.ts';
import { SoakProgress } from './soak-progress.ts';

/**
 * Reports the progress of runs from their records, one document at a time in the order of the writes. A document that
 * changes twice before it is read is reported once.
 */
export class Narrator {
  readonly #progress: Progress;
  readonly #records: string | undefined;
  readonly #told = new Set<string>();
  /** Keyed by the path of its health documents and its stage. */
  readonly #holds = new Map<string, SoakProgress>();
  /** Keyed by the path of the run. */
  readonly #checks = new Map<string, ChecksProgress>();
  #queue: Promise<void> = Promise.resolve();

  /** @param records the options that name the records */
  constructor(progress: Progress, records?: string) {
    this.#progress = progress;
    this.#records = records;
  }

  /** A callback for `InProcess`: the written document, and the store to read it from. */
  readonly onWrite = (ref: DocumentRef<unknown>, store: Store): void => {
    // What cannot be read now is not told; the work does not depend on it.
    this.#queue = this.#queue.then(() => this.#tell(ref, store)).catch(() => {});
  };

  /** Resolves when all previous writes have been reported. */
  flush(): Promise<void> {
    return this.#queue;
  }

  async #tell(ref: DocumentRef<unknown>, store: Store): Promise<void> {
    const { path } = ref.collection;
    if (path === runs.path) {
      const run = await store.get(documentIn(runs, ref.id));
      if (run && this.#isNews(`${ref.id} ${run.data.state} ${run.data.stage}`))
        await this.#run(ref.id as RunId, run.data, store);
    } else if (path === decisions.path) {
      const decision = await store.get(documentIn(decisions, ref.id));
      if (decision && this.#isNews(ref.id)) this.#decision(decision.data);
    } else if (path === outbox.path) {
      const effect = await store.get(documentIn(outbox, ref.id));
      if (effect && this.#isNews(`${ref.id} ${effect.data.state} ${effect.data.outcome?.code}`))
        this.#effect(effect.data);
    } else if (path === intents.path) {
      const intent = await store.get(documentIn(intents, ref.id));
      const before = intent && formatSplit(specSplit(intent.data.before, undefined));
      const after = intent && formatSplit(specSplit(intent.data.after, undefined));
      if (before !== after && this.#isNews(ref.id)) this.#progress.note(`${before} → ${after}`);
    } else if (path === waitingRuns.path) {
      if (this.#isNews(`waitingRuns ${ref.id}`))
        this.#progress.note(`waits for its turn behind run ${ref.id}`);
    } else if (path.endsWith('/plan')) {
      if (ref.id === planHeadId) await this.#plan(ref as DocumentRef<PlanHeadRecord>, store);
    } else if (path.endsWith('/shards')) {
      this.#checks.get(runPathOf(path))?.shard(ref.id);
    } else if (path.endsWith('/failures')) {
      const failure = await store.get(ref as DocumentRef<FailureRecord>);
      if (failure) this.#checks.get(runPathOf(path))?.failure(failure.data);
    } else if (path.endsWith('/health')) {
      const fact = await store.get(ref as DocumentRef<HealthFactRecord>);
      const run = await store.get(documentIn(runs, runPathOf(path).slice(runs.path.length + 1)));
      if (run) await this.#holdsOf(run.data, store);
      const hold = fact && this.#holds.get(`${path} ${fact.data.stage}`);
      if (hold) hold.tell(fact.data, this.#progress);
      else if (fact) this.#progress.note(describeTick(fact.data));
    }
  }

  async #plan(ref: DocumentRef<PlanHeadRecord>, store: Store): Promise<void> {
    const head = await store.get(ref);
    if (head) this.#checks.set(runPathOf(ref.collection.path), new ChecksProgress(head.data, this.#progress));
  }

  #isNews(key: string): boolean {
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }

  async #run(runId: RunId, run: RunRecord, store: Store): Promise<void> {
    if (run.state === 'waiting') {
      this.#progress.begin(`wait    ${run.candidate.revision} ${await this.#whyWaiting(run, store)}`);
    } else if (run.state === 'open') {
      const config = await loadServiceConfig(store, run.configDigest, run.name);
      const forMs = soakMsOf(run, config);
      if (forMs !== undefined)
        this.#holds.set(
          `${healthOf(runId).path} ${run.stage}`,
          new SoakProgress(forMs, stagePolicyOf(config, run.stage).watch.maxGapMs),
        );
      this.#progress.begin(describeStage(run, config));
      // What `apply` itself is doing needs no hint to call it.
      if (run.stable === undefined && run.openedBy !== 'apply' && this.#isNews(`${runId} no stable`))
        this.#progress.note(noGoodYet);
      await this.#holdsOf(run, store);
    } else if (run.verdict === 'superseded')
      this.#progress.end('unsure', `superseded: ${run.reasons[0]?.text ?? ''}`);
  }

  /** Its own readiness, or the run of an older deploy, which is judged first. */
  async #whyWaiting({ serviceKey, candidate }: RunRecord, store: Store): Promise<string> {
    const current = (await store.get(documentIn(services, serviceKey)))?.data.currentRun;
    const ahead = current && (await store.get(documentIn(runs, current.runId)))?.data;
    if (!current || !ahead || ahead.state === 'closed' || current.revision === candidate.revision)
      return 'is not ready yet';
    return `is not ready yet, or waits for its turn behind run ${current.runId} of ${current.revision}, which is in stage ${ahead.stage}; to cancel that one: ${commandOn(`abort ${current.runId} --why TEXT`, { records: this.#records })}`;
  }

  /** What keeps the guard from moving traffic, when it begins and whenever a response is recorded. */
  async #holdsOf(run: RunRecord, store: Store): Promise<void> {
    for (const line of await describeRunHolds(run, this.#records, store))
      if (this.#isNews(line)) this.#progress.note(line);
  }

  #decision({ stage, verdict, reasons }: DecisionRecord): void {
    this.#progress.end(
      marks[verdict],
      `${stage}  ${verdict}: ${reasons.map((reason) => reason.text).join('; ')}`,
    );
  }

  #effect({ kind, state, outcome }: EffectRecord): void {
    if (state === 'open' && outcome === undefined) this.#progress.begin(describeEffect(kind));
    else if (state === 'open') this.#progress.note(`will retry: ${outcome?.text}`);
    else this.#progress.end(state === 'done' ? 'good' : 'unsure', `${kind}  ${outcome?.text ?? state}`);
  }
}

/** @param path of one of its collections */
function runPathOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

const marks: Readonly<Record<Verdict, Mark>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'unsure',
  superseded: 'unsure',
};
