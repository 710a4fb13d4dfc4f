import type { Actor, Step } from './actor.ts';

/** Who goes on next. */
export interface Scheduler {
  /** Called once for each actor, before its first step. */
  admit(actor: Actor): void;
  /**
   * @param ready at least one
   * @param mayWait time may pass before the next step
   * @returns an index of `ready`, or -1 to let time pass until something else is due
   */
  choose(ready: readonly Step[], mayWait: boolean): number;
}

export const schedulerNames = ['uniform', 'priority'] as const;
export type SchedulerName = (typeof schedulerNames)[number];
