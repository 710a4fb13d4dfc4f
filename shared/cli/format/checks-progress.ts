import type { FailureRecord, PlanHeadRecord } from '../../contracts/records.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { describeCheck } from '../../wording/describe-check.ts';
import type { Progress } from './progress.ts';

/** How many failing checks are reported individually: if the revision is down, all of them fail. */
const toldFailures = 10;

/** Reports a run's checks as their shards come in. */
export class ChecksProgress {
  readonly #progress: Progress;
  readonly #head: PlanHeadRecord;
  readonly #shards = new Set<string>();
  #failures = 0;

  constructor(head: PlanHeadRecord, progress: Progress) {
    this.#head = head;
    this.#progress = progress;
    const { checks, shards, workers, problems, unreachable } = head;
    progress.note(`${countOf(checks, 'check')} in ${countOf(shards, 'shard')}, ${workers} at a time`);
    for (const problem of [...problems, ...(unreachable === undefined ? [] : [unreachable])])
      progress.note(problem);
  }

  shard(id: string): void {
    this.#shards.add(id);
    this.#progress.pass(`${this.#shards.size} of ${countOf(this.#head.shards, 'shard')}`);
  }

  failure(failure: FailureRecord): void {
    this.#failures++;
    if (this.#failures <= toldFailures) this.#progress.note(describeCheck(failure));
    else if (this.#failures === toldFailures + 1)
      this.#progress.note('and more: `deploy-loop show` lists all');
  }
}
