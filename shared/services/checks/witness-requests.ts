import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { durationMs } from '../../contracts/duration.ts';
import { type RunRecord, type WitnessRecord, witnessId, witnessOf } from '../../contracts/records.ts';
import { isInFocus } from '../../domain/checks/is-in-focus.ts';
import { describeError, PermanentError, TransientError } from '../../domain/errors.ts';
import { probeUserAgent } from '../../domain/health/request-window.ts';
import type { RunId } from '../../domain/ids.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';

type WitnessPorts = Pick<Ports, 'store' | 'logs' | 'clock'>;

/**
 * Searches the candidate's request log for requests of its command tests, since a runner can claim anything. Reads
 * once, and once more after entries have had time to arrive.
 *
 * @returns true: a new fact was stored
 */
export async function witnessRequests(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  ports: WitnessPorts,
): Promise<boolean> {
  if (!isWanted(config)) return false;
  const ref = documentIn(witnessOf(runId), witnessId);
  if (await ports.store.get(ref)) return false;
  let seen = await look(run, ports);
  if (seen.seen !== 'requests') {
    await ports.clock.sleep(durationMs(config.requestLog.lag));
    seen = await look(run, ports);
  }
  await createOnce(ports.store, ref, { ...seen, at: ports.clock.now() });
  return true;
}

function isWanted({ suites, tests, requestLog }: ServiceConfig): boolean {
  return (
    tests.suspect === 'not-run' &&
    requestLog.use !== 'off' &&
    suites.some((suite) => suite.kind === 'command' && isInFocus(suite, tests.focus))
  );
}

async function look(
  { ref, candidate, createdAt }: RunRecord,
  { logs, clock }: WitnessPorts,
): Promise<Omit<WitnessRecord, 'at'>> {
  try {
    const { requests, complete } = await logs.listRequests({
      ref,
      revision: candidate.revision,
      from: createdAt,
      to: clock.now(),
    });
    const others = requests.filter(({ userAgent }) => userAgent !== probeUserAgent);
    if (others.length > 0)
      return { seen: 'requests', detail: `${countOf(others.length, 'request')} other than probes` };
    if (requests.length === 0 || !complete)
      return { seen: 'unknown', detail: 'the request log misses some of the probes, too' };
    return { seen: 'nothing', detail: `${countOf(requests.length, 'probe')}, and no other request` };
  } catch (error) {
    if (!(error instanceof PermanentError) && !(error instanceof TransientError)) throw error;
    return { seen: 'unknown', detail: `the request log cannot be read: ${describeError(error)}` };
  }
}
