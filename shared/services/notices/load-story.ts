import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { notices, type RunRecord, runs, services } from '../../contracts/records.ts';
import type { Audit } from '../../domain/audits/audit.ts';
import type { RunId } from '../../domain/ids.ts';
import { exposureOf } from '../../domain/notices/exposure.ts';
import { runNoticeId } from '../../domain/notices/notice.ts';
import type { AuditLine, Reproduction, RunStory, StorySource } from '../../domain/notices/run-story.ts';
import { changedSince } from '../../domain/runs/changed-since.ts';
import { formatSplit, type ServiceState, servingSplit } from '../../domain/service-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { type RunReport, reportRun } from '../query-reports.ts';

type StoryPorts = Pick<Ports, 'store' | 'run' | 'log'>;

/** Everything that the notices about a run tell, read now. Undefined: there is no such run. */
export async function loadStory(
  runId: RunId,
  config: ServiceConfig,
  ports: StoryPorts,
): Promise<RunStory | undefined> {
  const report = await reportRun(ports.store, runId);
  if (!report) return undefined;
  const service = await readService(report, ports);
  const { run, decisions, effects, trafficChanges, diagnosis, failures, audits } = report;
  return {
    run: { ...run, id: runId },
    decisions,
    effects,
    trafficChanges,
    diagnosis,
    checks: failures,
    audits: audits?.results?.map(auditLine),
    exposure: exposureOf(run, service && servingSplit(service)),
    outdated: service && outdatedBy(report, service),
    reproductions: reproductionsOf(report, config, service),
    source: await sourceOf(run, config, ports),
    preventionUrl: await preventionOf(runId, ports),
  };
}

function auditLine({ name, status, score, rows }: Audit): AuditLine {
  const bad = rows.filter(({ state }) => state === 'bad' || state === 'unknown').map(({ what }) => what);
  return {
    name,
    ...(score === undefined ? {} : { score: `${Math.round(score * 100)} %` }),
    result: status,
    reason: bad.join(', '),
  };
}

/** The pull request that keeps the failure from coming back. */
async function preventionOf(runId: RunId, { store }: StoryPorts): Promise<string | undefined> {
  const notice = await store.get(documentIn(notices, runNoticeId(runId, 'prevention')));
  return notice?.data.told?.url;
}

/** A text without the present traffic is better than none. */
async function readService({ run: { ref } }: RunReport, { run, log }: StoryPorts) {
  return run.getService(ref).catch(() => {
    log.warn({ service: ref.service, code: 'notice' }, 'the traffic was not read: the text goes without');
    return undefined;
  });
}

function outdatedBy({ run, trafficChanges, health }: RunReport, service: ServiceState): string | undefined {
  const left = {
    traffic: trafficChanges.findLast(({ outcome }) => outcome === 'accepted')?.after,
    share: health.at(-1)?.share,
  };
  const changed = run.state === 'closed' ? changedSince(run, left, service) : undefined;
  return changed && `traffic has changed since: ${formatSplit(changed)}`;
}

const maxSuites = 3;

/** The request of the health check, and the commands of the suites whose checks failed. */
function reproductionsOf(
  { failures }: RunReport,
  { health, suites }: ServiceConfig,
  service: ServiceState | undefined,
): Reproduction[] {
  const failed = new Set(failures.map(({ suite }) => suite));
  const commands = suites.flatMap((suite): Reproduction[] =>
    suite.kind === 'command' && failed.has(suite.name)
      ? [{ kind: 'suite', suite: suite.name, command: suite.run }]
      : [],
  );
  if (!service || failed.size > 0) return commands.slice(0, maxSuites);
  return [
    {
      kind: 'request',
      method: health.method,
      url: `${service.uri}${health.path}`,
      isPrivate: health.authenticate === 'always',
      expected: `HTTP ${health.expect.status}`,
    },
  ];
}

async function sourceOf(
  run: RunRecord,
  { github }: ServiceConfig,
  { store }: StoryPorts,
): Promise<StorySource | undefined> {
  if (!github) return undefined;
  return {
    repository: github.repo,
    commit: run.build?.commit,
    stableCommit: await stableCommitOf(run, { store }),
  };
}

/** The commit of the run that recorded the stable revision. */
async function stableCommitOf(
  { stable, serviceKey }: RunRecord,
  { store }: Pick<Ports, 'store'>,
): Promise<string | undefined> {
  if (stable === undefined) return undefined;
  const service = await store.get(documentIn(services, serviceKey));
  const good = service?.data.lastGood.find(({ revision }) => revision === stable);
  const run = good && (await store.get(documentIn(runs, good.runId)));
  return run?.data.build?.commit;
}
