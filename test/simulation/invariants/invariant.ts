import type { EffectId } from '../../../shared/domain/ids.ts';
import type { ServiceState } from '../../../shared/domain/service-state.ts';
import { effectAnnotation } from '../../../shared/domain/traffic/plan-traffic.ts';
import type { TrafficChange } from '../../../shared/ports/cloud-run.ts';
import type { Write } from '../../../shared/ports/store.ts';
import type { SimProcess } from '../kernel/sim-process.ts';

/** An UpdateService of the guard's that took effect. */
export interface LandedWrite {
  readonly effectId: string;
  readonly process: SimProcess;
  /** The service just before. */
  readonly before: ServiceState;
  readonly change: TrafficChange;
  readonly landedMs: number;
}

/** A check that a process has executed. */
export interface ExecutedCheck {
  readonly runId: string;
  readonly id: string;
  readonly process: SimProcess;
  /** False: it is run again after a rollback, and is in no shard. */
  readonly inShard: boolean;
  readonly atMs: number;
}

/** Something the protocol promises. Each answers with what is wrong, or with nothing. */
export interface Invariant {
  readonly promise: string;
  /** After each write that took effect. */
  onWrite?(write: LandedWrite): string | undefined;
  /** After each batch that was committed, one write at a time; `existed`: the document was there before. */
  onCommit?(write: Write, existed: boolean): string | undefined;
  /** After each execution of a check. */
  onCheck?(check: ExecutedCheck): string | undefined;
  /** Each time that the sweep is woken. */
  onSweep?(): string | undefined;
  /** When everything has come to rest. */
  atEnd?(): string | undefined;
}

/** `{runId}.{stage}.{kind}` */
export function partsOfEffect(effectId: EffectId | string): { runId: string; stage: string; kind: string } {
  const [runId = '', stage = '', kind = ''] = effectId.split('.');
  return { runId, stage, kind };
}

/** True: a person wanted it; the rules of automatic writes are not his. */
export function isManual(effectId: string): boolean {
  return effectId.startsWith('manual.');
}

/** True: it carries its mark and nothing else, so that an earlier write of its effect cannot land any more. */
export function isVoid({ change }: Pick<LandedWrite, 'change'>): boolean {
  return change.annotations[effectAnnotation]?.endsWith('.void') === true;
}

/** True: it moves tags and no traffic, so that one too many harms nobody. */
export function isTagsOnly(effectId: string): boolean {
  return ['tag', 'untag'].includes(partsOfEffect(effectId).kind);
}
