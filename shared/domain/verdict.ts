/** How a stage, and with its first stage that is not `pass` a whole run, ends. */
export const verdicts = ['pass', 'fail', 'inconclusive', 'superseded'] as const;
export type Verdict = (typeof verdicts)[number];

/** What a decision asks route-traffic to do; `hold`: nothing, and a canary's split stays as it is for a human. */
export const actions = ['none', 'hold', 'rollback', 'promote', 'step', 'abort', 'mark-good'] as const;
export type Action = (typeof actions)[number];

/** Why, as data: a code that code may compare and words that people read. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}
