import { assertNever } from '../assert-never.ts';
import type { Verdict } from '../verdict.ts';
import type { Exposure } from './exposure.ts';

/** How urgent an issue is; also the name of its label. */
export const issuePriorities = ['P0', 'P1', 'P2', 'P3'] as const;
export type IssuePriority = (typeof issuePriorities)[number];

/** What the priority of an issue depends on. */
export interface ImpactFacts {
  readonly verdict: Verdict;
  readonly exposure: Exposure;
  /** Monthly revenue at risk, in US dollars; undefined: none is configured. */
  readonly revenueUsd?: number | undefined;
}

/** A priority, and why it is that one. */
export interface Ranking {
  readonly priority: IssuePriority;
  readonly why: string;
}

/**
 * P0: users still get errors, or a revision that failed, or nobody knows that they do not. P1: they were, or may be served by
 * one that could not be judged. P2: a failure that no user met. P3: neither failed nor served. Revenue at risk makes P2
 * and P3 one step more urgent.
 */
export function rankIssue({ verdict, exposure, revenueUsd = 0 }: ImpactFacts): Ranking {
  const ranking = rankByUsers(verdict === 'fail', exposure);
  if (revenueUsd <= 0) return ranking;
  const raised = raisedTo[ranking.priority];
  return raised ? { priority: raised, why: `${ranking.why}; revenue is at risk` } : ranking;
}

const raisedTo: Partial<Record<IssuePriority, IssuePriority>> = { P3: 'P2', P2: 'P1' };

function rankByUsers(hasFailed: boolean, exposure: Exposure): Ranking {
  switch (exposure) {
    case 'now':
      return hasFailed
        ? { priority: 'P0', why: 'users get a revision that failed' }
        : { priority: 'P1', why: 'users get a revision that could not be judged' };
    case 'unrestored':
      return { priority: 'P0', why: 'users still get errors after the rollback' };
    case 'unknown':
      return hasFailed
        ? { priority: 'P0', why: 'users may get a revision that failed' }
        : { priority: 'P2', why: 'users may get a revision that could not be judged' };
    case 'before':
      return hasFailed
        ? { priority: 'P1', why: 'users got a revision that failed, until traffic went back' }
        : { priority: 'P2', why: 'users got a revision that could not be judged' };
    case 'never':
      return hasFailed
        ? { priority: 'P2', why: 'no user got the revision that failed' }
        : { priority: 'P3', why: 'no user got the revision, which could not be judged' };
    default:
      return assertNever(exposure);
  }
}
