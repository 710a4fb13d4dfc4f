import type { HealthFactRecord } from '../../contracts/records.ts';
import { watchedMs } from '../../domain/health/assess-soak.ts';
import { describeTick } from '../../wording/describe-tick.ts';
import { formatSeconds } from '../../wording/format-seconds.ts';
import type { Progress } from './progress.ts';

/** How much of a soak passes between two lines of a log while all responses are good. */
const toldPart = 0.25;

/** Reports the progress of a soak: anything unusual at once, good responses from time to time. */
export class SoakProgress {
  readonly #forMs: number;
  readonly #maxGapMs: number;
  readonly #facts: HealthFactRecord[] = [];
  #toldMs = 0;

  /** @param maxGapMs the policy's limit: a longer time between two responses does not count as watched */
  constructor(forMs: number, maxGapMs: number) {
    this.#forMs = forMs;
    this.#maxGapMs = maxGapMs;
  }

  tell(fact: HealthFactRecord, progress: Progress): void {
    this.#facts.push(fact);
    const passedMs = Math.min(watchedMs(this.#facts, this.#maxGapMs), this.#forMs);
    const text = `watched ${formatSeconds(passedMs)} of ${formatSeconds(this.#forMs)}`;
    if (isEventful(fact)) progress.note(`${text}  ${describeTick(fact)}`);
    else if (this.#isDue(passedMs)) progress.note(text);
    else progress.pass(text);
  }

  #isDue(passedMs: number): boolean {
    const sinceMs = passedMs - this.#toldMs;
    const due = sinceMs > 0 && (passedMs === this.#forMs || sinceMs >= this.#forMs * toldPart);
    if (due) this.#toldMs = passedMs;
    return due;
  }
}

function isEventful({ candidate, requests, counts }: HealthFactRecord): boolean {
  return candidate?.kind !== 'good' || requests !== undefined || !counts;
}
