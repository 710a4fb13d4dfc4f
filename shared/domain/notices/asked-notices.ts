import type { Run } from '../records/run.ts';
import type { Decision } from '../runs/decision.ts';
import { effectOf } from '../runs/next-run.ts';
import { isAwaited, type Stage } from '../stages.ts';
import type { ReasonCode } from '../verdict.ts';
import { importances } from './importance.ts';
import type { RunNoticeKind } from './notice.ts';
import type { NoticeEventKind } from './notice-event.ts';

/** What a repository is told. */
export interface RepositoryWishes {
  readonly issues: boolean;
  readonly status: boolean;
  readonly comment: boolean;
  readonly prevention: boolean;
}

/** A decision, and what it is about. */
export interface DecisionFacts {
  readonly run: Pick<Run, 'authority' | 'build'>;
  readonly stage: Stage;
  readonly decision: Pick<Decision, 'verdict' | 'reasons' | 'action' | 'next'>;
  /** The percent of the users that the candidate has. */
  readonly share: number;
}

export interface AskedNotice {
  readonly kind: RunNoticeKind;
  readonly importance: number;
}

/**
 * The notices about a whole run that a decision asks for, each at most once per run, so that they are created with the
 * decision. A run that only observes is told to nobody.
 */
export function noticesOf(facts: DecisionFacts, wishes: RepositoryWishes | undefined): AskedNotice[] {
  const { run, stage, decision } = facts;
  if (!wishes || run.authority === 'observe') return [];
  const hasCommit = run.build?.commit !== undefined;
  const ends = hasFailed(facts) || hasPassed(stage, decision);
  return [
    ...(wishes.issues && ends ? [{ kind: 'issue', importance: importanceOf(facts) } as const] : []),
    // Each run is decided in this stage once, and first.
    ...(wishes.status && hasCommit && stage === 'health'
      ? [{ kind: 'status', importance: importances.status } as const]
      : []),
    ...(wishes.comment && hasCommit && ends
      ? [{ kind: 'pull-comment', importance: importances.comment } as const]
      : []),
    ...(wishes.prevention && hasCommit && hasFailed(facts)
      ? [{ kind: 'prevention', importance: importances.comment } as const]
      : []),
  ];
}

/** What happened with a decision itself, without a change of traffic. */
export function eventOf({ run, stage, decision, share }: DecisionFacts): NoticeEventKind | undefined {
  if (run.authority === 'observe') return undefined;
  const { verdict } = decision;
  if (stage === 'reverify') return verdict === 'fail' ? 'unrestored' : undefined;
  return verdict === 'inconclusive' && share > 0 && !isByPeople(decision)
    ? 'inconclusive-serving'
    : undefined;
}

/** The first result other than `pass` is that of the whole run. */
function hasFailed({ stage, decision }: DecisionFacts): boolean {
  const { verdict } = decision;
  if (stage === 'reverify' || isByPeople(decision)) return false;
  return verdict === 'fail' || verdict === 'inconclusive';
}

/** The run ends here, and well. */
function hasPassed(stage: Stage, { verdict, next, action }: DecisionFacts['decision']): boolean {
  const effect = effectOf(action);
  const goesOn = next !== undefined || (effect !== undefined && isAwaited(effect));
  return stage !== 'reverify' && verdict === 'pass' && !goesOn;
}

/** Someone's doing, who knows of it: nothing is wrong with the revision. */
const byPeople: readonly ReasonCode[] = [
  'aborted',
  'frozen',
  'killed',
  'paused',
  'freeze-window',
  'human-pin',
  'traffic-changed',
];

/** True: the result comes of what people did, and not of the revision. */
export function isByPeople({ reasons }: Pick<Decision, 'reasons'>): boolean {
  return reasons.some(({ code }) => byPeople.includes(code));
}

function importanceOf({ decision }: DecisionFacts): number {
  if (decision.action === 'rollback') return importances.rollback;
  return decision.verdict === 'pass' ? importances.solved : importances.failure;
}
