import type { RunState } from '../stages.ts';
import type { Verdict } from '../verdict.ts';

/** GitHub's words for the end of a check run, as far as they are used. */
export type CheckConclusion = 'success' | 'failure' | 'action_required' | 'cancelled';

/** GitHub's words for the state of a deployment, as far as they are used. */
export type DeploymentState = 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';

/**
 * A required check is satisfied by `neutral` and `skipped` as by `success`. So that nothing that was not verified counts
 * as good, an inconclusive run is `action_required`, and one that a newer deploy has superseded is `cancelled`.
 */
const conclusions: Readonly<Record<Verdict, CheckConclusion>> = {
  pass: 'success',
  fail: 'failure',
  inconclusive: 'action_required',
  superseded: 'cancelled',
};

/** `error`: the deploy is not known to have failed. */
const deploymentStates: Readonly<Record<Verdict, DeploymentState>> = {
  pass: 'success',
  fail: 'failure',
  inconclusive: 'error',
  superseded: 'inactive',
};

interface Judged {
  readonly state: RunState;
  readonly verdict?: Verdict | undefined;
}

/** Undefined: the run is still open, so the check is in progress. A failure is told at once, before traffic is back. */
export function conclusionOf({ state, verdict }: Judged): CheckConclusion | undefined {
  return isTold(state, verdict) ? conclusions[verdict] : undefined;
}

export function deploymentStateOf({ state, verdict }: Judged): DeploymentState {
  return isTold(state, verdict) ? deploymentStates[verdict] : 'in_progress';
}

function isTold(state: RunState, verdict: Verdict | undefined): verdict is Verdict {
  return verdict === 'fail' || (state === 'closed' && verdict !== undefined);
}
