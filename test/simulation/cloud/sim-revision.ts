import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Readiness, Revision, RevisionOrder } from '../../../shared/domain/revision.ts';
import { type BadAnswer, type Behaviour, isFailing } from './behaviour.ts';

/** What a deploy is for. `preview`: a look for few. `wait`: traffic is on names, and nobody is to move it by himself. */
export type Purpose = 'serve' | 'wait' | 'preview';

export interface NewRevision {
  readonly name: string;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly behaviour: Behaviour;
  readonly badAnswer: BadAnswer;
  readonly purpose: Purpose;
}

/** One revision, with the truth about it. */
export class SimRevision {
  readonly name: RevisionName;
  readonly createdMs: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly behaviour: Behaviour;
  readonly badAnswer: BadAnswer;
  readonly purpose: Purpose;
  readonly #createTime: Date;
  readiness: Readiness = { kind: 'pending' };
  readyMs: number | undefined;
  deleted = false;

  constructor({ name, createdMs, labels, behaviour, badAnswer, purpose }: NewRevision) {
    this.name = name as RevisionName;
    this.createdMs = createdMs;
    this.labels = labels;
    this.behaviour = behaviour;
    this.badAnswer = badAnswer;
    this.purpose = purpose;
    this.#createTime = new Date(createdMs);
  }

  get isReady(): boolean {
    return this.readiness.kind === 'ready' && !this.deleted;
  }

  /** True: of that name and creation; a name may be used again. */
  is({ revision, createTime }: RevisionOrder): boolean {
    return this.name === revision && this.#createTime.getTime() === createTime.getTime();
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
