import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { repeatChecksMs } from '../../contracts/policies.ts';
import { type FailureRecord, failuresOf, type RunRecord } from '../../contracts/records.ts';
import { referencesIn } from '../../contracts/suites/references.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import type { CheckResult } from '../../domain/checks/check-result.ts';
import { priorities } from '../../domain/checks/priorities.ts';
import {
  type FailedCheck,
  type RepeatedChecks,
  type UnseenCause,
  unseenCauses,
} from '../../domain/health/repeated-checks.ts';
import type { RunId } from '../../domain/ids.ts';
import { cutText } from '../../domain/render/cut-text.ts';
import { percentsChanged } from '../../domain/service-state.ts';
import type { CheckTarget } from '../../ports/check-runner.ts';
import type { Ports } from '../../ports/ports.ts';
import { awaitReach } from '../checks/await-reach.ts';
import { serviceTargetOf } from '../checks/target-of.ts';
import { KnownBuilds } from '../records/known-builds.ts';

const maxRepeated = 20;
/** How often a check must fail before the failure counts. */
const tries = 2;
/** The pause between two attempts: a shared dependency may be unavailable for a moment. */
const pauseMs = 5_000;
/** The limit within a tick's document. */
const detailLength = 300;

/** A check that this process can run without a secret. */
interface Repeatable {
  readonly suite: Exclude<Suite, { kind: 'command' }>;
  readonly id: string;
}

/** The new result of a failed check. */
type Repeated = 'passed' | UnseenCause | FailedCheck;

/**
 * Runs the failed checks that caused a rollback once more, on the service as its users reach it. Command checks would
 * need a job, and checks with secrets a right that this function does not have.
 * @returns undefined: traffic has moved or is still moving, so the responding revision is unknown
 */
export async function repeatChecks(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  ports: Ports,
): Promise<RepeatedChecks | undefined> {
  const before = await awaitReach(undefined, { runId, run, config }, ports);
  const builds = new KnownBuilds(run.ref, ports.store);
  const target = before && (await serviceTargetOf(before, runId, config, builds));
  if (!target) return undefined;
  const found = await repeatAll(await loadRegressions(runId, ports), target, config, ports);
  const after = await ports.run.getService(run.ref);
  const { expectedTraffic: traffic = [], expectedLatest: latest } = run;
  const isUnmoved =
    after?.routesChangedAt.getTime() === before.routesChangedAt.getTime() &&
    !percentsChanged({ traffic, latest }, after);
  return isUnmoved ? summarize(found, target) : undefined;
}

/** The checks that counted against the run, the most important first. */
async function loadRegressions(
  runId: RunId,
  { store, log }: Pick<Ports, 'store' | 'log'>,
): Promise<readonly FailureRecord[]> {
  const found = await store.find({
    collection: failuresOf(runId),
    where: [['settlement', '==', 'regression']],
    limit: 1000,
    onCorrupt: (error) => log.error({ code: 'corrupt-record', path: error.path }, error.message),
  });
  const weight = ({ priority }: FailureRecord) => priorities.indexOf(priority);
  return found
    .map(({ data }) => data)
    .filter(({ quarantined }) => !quarantined)
    .sort((a, b) => weight(a) - weight(b));
}

/** One after another; a check starts only if there is time for all its attempts. */
async function repeatAll(
  regressions: readonly FailureRecord[],
  target: CheckTarget,
  { suites }: ServiceConfig,
  ports: Pick<Ports, 'checks' | 'clock'>,
): Promise<readonly Repeated[]> {
  const endMs = ports.clock.monotonicMs() + repeatChecksMs;
  const found: Repeated[] = [];
  let left = maxRepeated;
  for (const { suite, id } of regressions) {
    const check = findRepeatable(suites, suite, id);
    if (typeof check === 'string') found.push(check);
    else if (
      left === 0 ||
      ports.clock.monotonicMs() + pauseMs + tries * durationMs(check.suite.timeout) > endMs
    )
      found.push('limit');
    else {
      left--;
      found.push(await repeat(check, target, ports));
    }
  }
  return found;
}

/** @returns why it is not run again, if so */
function findRepeatable(suites: readonly Suite[], name: string, id: string): Repeatable | UnseenCause {
  const suite = suites.find((one) => one.name === name);
  if (suite?.kind === 'command') return 'command';
  const check = suite?.checks.find((one) => one.name === id);
  if (!suite || !check) return 'no-result';
  if (referencesIn(check).some((reference) => Object.hasOwn(suite.secrets, reference.name))) return 'secret';
  // A runner reads all secrets that its suite declares, needed or not.
  return { suite: { ...suite, secrets: {} }, id };
}

async function repeat(
  { suite, id }: Repeatable,
  target: CheckTarget,
  { checks, clock }: Pick<Ports, 'checks' | 'clock'>,
): Promise<Repeated> {
  const endless = new AbortController().signal;
  let detail: string | undefined;
  for (let attempt = 1; attempt <= tries; attempt++) {
    if (attempt > 1) await clock.sleep(pauseMs);
    const results: CheckResult[] = [];
    await checks.run({ suite, ids: [id], target, attempt }, (result) => results.push(result), endless);
    const [result] = results;
    if (result?.outcome === 'passed') return 'passed';
    if (result?.outcome !== 'failed') return 'no-result';
    detail = result.detail ?? detail;
  }
  return { suite: suite.name, id, detail: detail && cutText(detail, detailLength) };
}

function summarize(found: readonly Repeated[], { revision }: CheckTarget): RepeatedChecks {
  const count = (what: Repeated) => found.filter((one) => one === what).length;
  return {
    revision,
    passed: count('passed'),
    failed: found.filter((one) => typeof one !== 'string'),
    unseen: unseenCauses.flatMap((cause) => {
      const checks = count(cause);
      return checks > 0 ? [{ cause, checks }] : [];
    }),
  };
}
