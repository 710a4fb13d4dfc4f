import type { ServiceConfig } from '../contracts/config.ts';
import { stagePolicyOf } from '../contracts/policies.ts';
import type { RunRecord } from '../contracts/records.ts';
import { isInFocus } from '../domain/checks/is-in-focus.ts';
import { countOf } from '../domain/render/count-of.ts';
import { soakMs } from '../domain/runs/stage-facts.ts';
import { isSoak, stepOf } from '../domain/stages.ts';
import { formatSeconds } from './format-seconds.ts';

/** The current stage of a run, in a line. @param config the one that the run is bound to */
export function describeStage(run: RunRecord, config: ServiceConfig): string {
  const { stage, candidate, stable, target } = run;
  const { revision } = candidate;
  if (stage === 'health')
    return `health  ${revision}, ${stable ? `compared with ${stable}` : 'no good revision to compare with'}`;
  if (stage === 'tests') return `tests   ${suitesOf(config)} run on ${revision}`;
  if (stage === 'reverify') return `reverify  ${target ?? 'the service'} serves again`;
  const time = formatSeconds(soakMsOf(run, config) ?? 0);
  if (stage === 'watch') return `watch   ${revision} serves users: to be watched for ${time}`;
  const { percent } = config.steps[stepOf(stage) - 1] ?? { percent: 0 };
  return `${stage}  ${revision} has ${percent} % of the traffic: to be watched for ${time}`;
}

/** The length of the soak of a run's stage; undefined: the stage is not a soak. */
export function soakMsOf(run: RunRecord, config: ServiceConfig): number | undefined {
  return isSoak(run.stage) ? soakMs(run.stage, stagePolicyOf(config, run.stage, run), false) : undefined;
}

function suitesOf({ suites, tests }: ServiceConfig): string {
  const count = suites.filter((suite) => isInFocus(suite, tests.focus)).length;
  return `the checks of ${countOf(count, 'suite')}`;
}
