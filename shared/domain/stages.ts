/** The stages of a run, in order; each is decided once. */
export const stages = ['health', 'reverify'] as const;
export type Stage = (typeof stages)[number];

/**
 * What a run may do. `full`: all of it. `record`: everything but move traffic, for a revision that is no news.
 * `observe`: nothing at all.
 */
export const authorities = ['full', 'record', 'observe'] as const;
export type Authority = (typeof authorities)[number];

/** What a decision may have route-traffic do, one outbox document each. */
export const effectKinds = ['tag', 'rollback', 'mark-good', 'untag'] as const;
export type EffectKind = (typeof effectKinds)[number];

/**
 * `waiting`: not ready yet, or behind an older run whose revision serves. `open`: the service's current run.
 * `closed`: it has a verdict.
 */
export const runStates = ['waiting', 'open', 'closed'] as const;
export type RunState = (typeof runStates)[number];
