/** How many steps a canary may have. */
export const maxSteps = 10;

const steps = [
  'step-1',
  'step-2',
  'step-3',
  'step-4',
  'step-5',
  'step-6',
  'step-7',
  'step-8',
  'step-9',
  'step-10',
] as const;

/** The stages of a run, in order; each is decided once. */
export const stages = ['health', 'tests', ...steps, 'watch', 'reverify'] as const;
export type Stage = (typeof stages)[number];

/** @param n from 1 to `maxSteps` */
export function stepStage(n: number): Stage {
  const stage = steps[n - 1];
  if (stage === undefined) throw new RangeError(`a canary has no step ${n}`);
  return stage;
}

/** The number of a canary's step, from 1; 0: the stage is not a step. */
export function stepOf(stage: Stage): number {
  return (steps as readonly Stage[]).indexOf(stage) + 1;
}

/** True: the candidate has users, and is observed for some time. */
export function isSoak(stage: Stage): boolean {
  return stage === 'watch' || stepOf(stage) > 0;
}

/**
 * How a service is deployed. `guard`: a deploy moves traffic itself. `gate`: it comes without traffic and gets all of
 * it once it is healthy. `canary`: it comes without traffic and gets it step by step.
 */
export const modes = ['guard', 'gate', 'canary'] as const;
export type Mode = (typeof modes)[number];

/**
 * The authority of a run. `full`: everything. `record`: everything except moving traffic, for a revision that serves
 * because someone wanted it to. `observe`: nothing.
 */
export const authorities = ['full', 'record', 'observe'] as const;
export type Authority = (typeof authorities)[number];

/**
 * What route-traffic may do for a decision or a person, one outbox document each. `promote`: the candidate gets all
 * traffic, or the share that the user had set. `step`: it gets the next share of a canary. `abort`: a canary's share
 * goes back to the previous revisions. `pin` and `unpin` are manual only.
 */
export const effectKinds = [
  'tag',
  'promote',
  'step',
  'rollback',
  'abort',
  'mark-good',
  'untag',
  'pin',
  'unpin',
] as const;
export type EffectKind = (typeof effectKinds)[number];

/** Effects that a run waits for before it continues or ends. */
export function isAwaited(kind: EffectKind): boolean {
  return kind === 'promote' || kind === 'step' || kind === 'rollback' || kind === 'abort';
}

/**
 * `waiting`: not ready yet, or queued behind an older run whose revision serves. `open`: the service's current run.
 * `closed`: it has a verdict.
 */
export const runStates = ['waiting', 'open', 'closed'] as const;
export type RunState = (typeof runStates)[number];
