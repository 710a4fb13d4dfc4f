import type { RunRecord } from '../../contracts/records.ts';
import { PermanentError, TransientError } from '../../domain/errors.ts';
import type { HealthFact } from '../../domain/health/health-fact.ts';
import { nextWindow } from '../../domain/health/next-window.ts';
import type { LoggedRequests } from '../../domain/health/request-log.ts';
import { countWindow, type RequestWindow } from '../../domain/health/request-window.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { StagePolicy } from '../../domain/runs/stage-facts.ts';
import { soakMs } from '../../domain/runs/stage-facts.ts';
import { isSoak } from '../../domain/stages.ts';
import type { Ports } from '../../ports/ports.ts';

/** The contents of the request log at one tick. */
export type Windows = Pick<HealthFact, 'requests' | 'stableRequests'>;
type Span = Pick<RequestWindow, 'from' | 'to'>;

/** A probe at the very edge of a window may be logged on its other side. */
const edgeMs = 1_000;

/**
 * Reads the next window of the serving revision's request log, if one is due, and the window to compare it with: in a
 * canary the same window of the stable revision, in a watch the last one before the candidate had traffic, after a
 * rollback none.
 *
 * @param stable absent: there is no revision to compare with
 */
export async function readRequestWindow(
  run: RunRecord,
  facts: readonly HealthFact[],
  stable: RevisionName | undefined,
  policy: StagePolicy,
  ports: Pick<Ports, 'logs' | 'clock'>,
): Promise<Windows> {
  const restored = run.stage === 'reverify';
  const revision = restored ? run.target : run.candidate.revision;
  if (revision === undefined || (!restored && !isSoak(run.stage))) return {};
  const { requests: log } = policy;
  const forMs = restored ? log.windowMs : soakMs(run.stage, policy, false);
  const window = nextWindow(facts, { forMs, requests: log });
  if (!window || window.dueAt > ports.clock.now()) return {};
  const { from, to } = window;
  // It is unknown which of several revisions has responded to a probe of the service.
  const own = restored ? facts.filter(({ share }) => share === 100) : facts;
  const requests = await read(run, revision, { from, to }, probesWithin(own, { from, to }), ports);
  if (restored) return { requests };
  const compared = stableWindow(run, facts, { from, to }, policy);
  if (stable === undefined || !compared) return { requests };
  return { requests, stableRequests: await read(run, stable, compared, 0, ports) };
}

function stableWindow(
  run: RunRecord,
  facts: readonly HealthFact[],
  same: Span,
  policy: StagePolicy,
): Span | undefined {
  if (run.stage !== 'watch') return same;
  if (facts.some((fact) => fact.stableRequests?.kind === 'counted')) return undefined;
  const to = run.shiftedAt ?? run.candidate.createTime;
  return { from: new Date(to.getTime() - policy.requests.windowMs), to };
}

function probesWithin(facts: readonly HealthFact[], { from, to }: Span): number {
  const inside = ({ at }: HealthFact) =>
    at.getTime() >= from.getTime() + edgeMs && at.getTime() < to.getTime() - edgeMs;
  return facts.filter(
    (fact) => inside(fact) && (fact.candidate?.kind === 'good' || fact.candidate?.kind === 'bad'),
  ).length;
}

async function read(
  { ref }: RunRecord,
  revision: RevisionName,
  { from, to }: Span,
  probes: number,
  { logs }: Pick<Ports, 'logs'>,
): Promise<RequestWindow> {
  const unreadable = (cause: 'not-allowed' | 'unavailable', error: Error): RequestWindow => ({
    kind: 'unreadable',
    from,
    to,
    cause,
    detail: `the request log cannot be read: ${error.message}`,
  });
  let logged: LoggedRequests;
  try {
    logged = await logs.listRequests({ ref, revision, from, to });
  } catch (error) {
    if (error instanceof PermanentError) return unreadable('not-allowed', error);
    if (error instanceof TransientError) return unreadable('unavailable', error);
    throw error;
  }
  return countWindow({ from, to }, logged, probes);
}
