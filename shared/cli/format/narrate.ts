import { type DocumentRef, documentIn } from '../../contracts/document.ts';
import {
  type DecisionRecord,
  decisions,
  type EffectRecord,
  type HealthFactRecord,
  intents,
  outbox,
  type RunRecord,
  runs,
} from '../../contracts/records.ts';
import type { ProbeOutcome } from '../../domain/probe-outcome.ts';
import { formatSplit, specSplit } from '../../domain/traffic.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Store } from '../../ports/store.ts';
import type { Mark, Progress } from './progress.ts';

/**
 * Tells the story of runs from their records, as these are written. One document at a time, in the order of the
 * writes; a document that changed twice in between is told once.
 */
export class Narrator {
  readonly #progress: Progress;
  readonly #told = new Set<string>();
  #queue: Promise<void> = Promise.resolve();

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** For `InProcess`: what was written, and where to read it. */
  readonly onWrite = (ref: DocumentRef<unknown>, store: Store): void => {
    this.#queue = this.#queue.then(() => this.#tell(ref, store));
  };

  /** Resolves when everything that was written so far has been told. */
  flush(): Promise<void> {
    return this.#queue;
  }

  async #tell(ref: DocumentRef<unknown>, store: Store): Promise<void> {
    const { path } = ref.collection;
    if (path === runs.path) {
      const run = await store.get(documentIn(runs, ref.id));
      if (run) this.#once(`${ref.id} ${run.data.state} ${run.data.stage}`, () => this.#run(run.data));
    } else if (path === decisions.path) {
      const decision = await store.get(documentIn(decisions, ref.id));
      if (decision) this.#once(ref.id, () => this.#decision(decision.data));
    } else if (path === outbox.path) {
      const effect = await store.get(documentIn(outbox, ref.id));
      if (effect)
        this.#once(`${ref.id} ${effect.data.state} ${effect.data.outcome?.code}`, () =>
          this.#effect(effect.data),
        );
    } else if (path === intents.path) {
      const intent = await store.get(documentIn(intents, ref.id));
      const before = intent && formatSplit(specSplit(intent.data.before, undefined));
      const after = intent && formatSplit(specSplit(intent.data.after, undefined));
      if (before !== after) this.#once(ref.id, () => this.#progress.note(`${before} → ${after}`));
    } else if (path.endsWith('/health')) {
      const fact = await store.get(ref as DocumentRef<HealthFactRecord>);
      if (fact) this.#progress.note(describeTick(fact.data));
    }
  }

  #once(key: string, tell: () => void): void {
    if (this.#told.has(key)) return;
    this.#told.add(key);
    tell();
  }

  #run(run: RunRecord): void {
    const revision = run.candidate.revision;
    if (run.state === 'waiting')
      this.#progress.begin(`wait    ${revision} is not ready, or an older deploy is still judged`);
    else if (run.state === 'open' && run.stage === 'health') {
      this.#progress.begin(
        `health  ${revision}, compared with ${run.stable ?? 'nothing: no good revision is known'}`,
      );
    } else if (run.state === 'open' && run.stage === 'reverify')
      this.#progress.begin(`reverify  ${run.target ?? 'the service'} serves again`);
    else if (run.state === 'open')
      this.#progress.begin(`${run.stage}  users are on ${revision}, and it is watched`);
    else if (run.verdict === 'superseded')
      this.#progress.end('unsure', `superseded: ${run.reasons[0]?.text ?? ''}`);
  }

  #decision({ stage, verdict, reasons }: DecisionRecord): void {
    this.#progress.end(
      marks[verdict],
      `${stage}  ${verdict}: ${reasons.map((reason) => reason.text).join('; ')}`,
    );
  }

  #effect({ kind, state, outcome }: EffectRecord): void {
    if (state === 'open' && outcome === undefined) this.#progress.begin(labels[kind]);
    else if (state === 'open') this.#progress.note(`again soon: ${outcome?.text}`);
    else this.#progress.end(state === 'done' ? 'good' : 'unsure', `${kind}  ${outcome?.text ?? state}`);
  }
}

const marks: Readonly<Record<Verdict, Mark>> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'unsure',
  superseded: 'unsure',
};

const labels: Readonly<Record<EffectRecord['kind'], string>> = {
  rollback: 'rollback  traffic goes back to the last verified-good revision',
  'mark-good': 'mark-good  the revision is recorded as good',
  tag: 'tag  the revisions get URLs of their own',
  untag: 'untag  the run gives back its tags',
  promote: 'promote  the revision gets its traffic',
  step: 'step  the canary gets its next share of the traffic',
  abort: 'abort  the share of the canary goes back where it came from',
  pin: 'pin  the traffic is fixed on a revision',
  unpin: 'unpin  the traffic follows deploys again',
};

/** `#2  HTTP 503, expected 200 | stable: good in 21 ms` */
export function describeTick(fact: HealthFactRecord): string {
  const candidate = fact.candidate
    ? describeOutcome(fact.candidate)
    : `${fact.readiness}${fact.readinessDetail ? `: ${fact.readinessDetail}` : ''}`;
  const stable = fact.stable ? ` | stable: ${describeOutcome(fact.stable)}` : '';
  return `#${fact.n + 1}  ${candidate}${stable}${fact.counts ? '' : '  (not counted: traffic is still spreading)'}`;
}

function describeOutcome(outcome: ProbeOutcome): string {
  switch (outcome.kind) {
    case 'good':
      return `good in ${Math.round(outcome.latencyMs)} ms`;
    case 'bad':
      return outcome.detail;
    default:
      return `unknown (${outcome.cause}): ${outcome.detail}`;
  }
}
