import type { RevisionName, RunId, ServiceKey, ServiceRef } from '../ids.ts';
import type { TrafficTarget } from '../service-state.ts';
import type { EffectKind, Stage } from '../stages.ts';
import type { Reason } from '../verdict.ts';

/** How the ids of effects begin that are done by hand. */
export const manualPrefix = 'manual.';

export const effectStates = ['open', 'done', 'skipped', 'stopped'] as const;
export type EffectState = (typeof effectStates)[number];

/** One effect to be done at most once, of a run's decision or by hand. */
export interface Effect {
  readonly serviceKey: ServiceKey;
  readonly ref: ServiceRef;
  readonly kind: EffectKind;
  /** The run and stage whose decision it is; absent: it is done by hand. */
  readonly runId?: RunId | undefined;
  readonly stage?: Stage | undefined;
  /** Who wants it done, why and to what; absent: a run does. */
  readonly request?: EffectRequest | undefined;
  readonly state: EffectState;
  /** Why it ended so, or what went wrong last. */
  readonly outcome?: Reason | undefined;
  /** When the sweep should nudge it; absent once it has ended. */
  readonly dueAt?: Date | undefined;
  /** How many writes were attempted for it; absent: none. */
  readonly intents?: number | undefined;
  readonly createdAt: Date;
  readonly endedAt?: Date | undefined;
}

/** What a person wants. */
export interface EffectRequest {
  readonly actor: string;
  readonly why: string;
  readonly revision?: RevisionName | undefined;
  /** The traffic spec when it was asked for: with other percents it is another question. */
  readonly seen?: readonly TrafficTarget[] | undefined;
  /** What LATEST meant then. */
  readonly seenLatest?: RevisionName | undefined;
  /** True: also where the revision is not known to be good. */
  readonly force: boolean;
}

/** An effect that a run's decision asks for. */
export interface RunEffect extends Effect {
  readonly runId: RunId;
  readonly stage: Stage;
}

export function isRunEffect(effect: Effect): effect is RunEffect {
  return effect.runId !== undefined && effect.stage !== undefined;
}

/** The record of an effect that is to be done from `now` on. */
export function newEffect(
  of: Pick<Effect, 'runId' | 'serviceKey' | 'ref' | 'stage' | 'kind'>,
  now: Date,
): Effect {
  const { runId, serviceKey, ref, stage, kind } = of;
  return { runId, serviceKey, ref, stage, kind, state: 'open', dueAt: now, createdAt: now };
}
