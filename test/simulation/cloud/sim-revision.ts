import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Readiness, Revision } from '../../../shared/domain/revision.ts';
import { type BadAnswer, type Behaviour, isFailing } from './behaviour.ts';

/** One revision, with the truth about it. */
export class SimRevision {
  readonly name: RevisionName;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly behaviour: Behaviour;
  readonly badAnswer: BadAnswer;
  readonly #createTime: Date;
  readiness: Readiness = { kind: 'pending' };
  readyMs: number | undefined;
  deleted = false;

  constructor(
    name: string,
    createdMs: number,
    labels: Readonly<Record<string, string>>,
    behaviour: Behaviour,
    badAnswer: BadAnswer,
  ) {
    this.name = name as RevisionName;
    this.createdMs = createdMs;
    this.labels = labels;
    this.behaviour = behaviour;
    this.badAnswer = badAnswer;
    this.#createTime = new Date(createdMs);
  }

  get isReady(): boolean {
    return this.readiness.kind === 'ready' && !this.deleted;
  }

  failingAt(nowMs: number): boolean {
    return isFailing(this.behaviour, nowMs - this.createdMs);
  }

  /** As Cloud Run tells of it. */
  view(): Revision {
    return {
      name: this.name,
      createTime: this.#createTime,
      readiness: this.readiness,
      labels: this.labels,
      readyAt: this.readyMs === undefined ? undefined : new Date(this.readyMs),
      minInstances: 0,
      creator: undefined,
    };
  }
}
