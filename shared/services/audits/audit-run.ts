import type { AuditsConfig } from '../../contracts/audits/audits-config.ts';
import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type AuditsRecord, audits, type RunRecord, runs, scans } from '../../contracts/records.ts';
import type { Audit } from '../../domain/audits/audit.ts';
import { judgeCompliance } from '../../domain/audits/judge-compliance.ts';
import { judgeDrift } from '../../domain/audits/judge-drift.ts';
import { judgeStability } from '../../domain/audits/judge-stability.ts';
import { judgeGates } from '../../domain/audits/run-audits.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { loadServiceConfig } from '../records/load-config.ts';
import { type Baselines, loadBaselines } from './load-baselines.ts';
import { observeDrift } from './observe-drift.ts';
import { observeStability } from './observe-stability.ts';

/** One audit, and what the next run is compared with. */
type Made = Pick<AuditsRecord, 'stability' | 'scan'> & { readonly audit: Audit };

/**
 * Compares a run with the last good one, and records it, once. It moves no traffic, whatever it finds.
 * @throws {TransientError} the records did not respond: deliver again
 */
export async function auditRun(runId: RunId, ports: Ports): Promise<void> {
  const { store, clock, log } = ports;
  const due = await store.get(documentIn(audits, runId));
  const run = due && (await store.get(documentIn(runs, runId)))?.data;
  if (!due || !run || due.data.results) return;
  const config = await loadServiceConfig(store, run.configDigest, run.name);
  const baselines = await loadBaselines(run, ports);
  const made = await Promise.all(auditsOf(runId, run, config, baselines, ports));
  const results = made.map(({ audit }) => audit);
  const fields = {
    results,
    stability: made.find(({ stability }) => stability !== undefined)?.stability,
    scan: made.find(({ scan }) => scan !== undefined)?.scan,
    madeAt: clock.now(),
    dueAt: undefined,
  };
  if (!(await tryCommit(store, [update(documentIn(audits, runId), due, fields)]))) return;
  const gates = judgeGates({ gates: due.data.gates, results });
  const told = results.map(({ name, status }) => `${name} ${status}`).join(', ');
  log[gates === 'fail' ? 'error' : 'info']({ runId, service: run.ref.service, gates }, `audited: ${told}`);
}

function auditsOf(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  baselines: Baselines,
  ports: Ports,
): readonly Promise<Made>[] {
  const { stability, drift, compliance } = config.audits ?? {};
  return [
    ...(stability ? [auditStability(runId, run, config, stability, baselines, ports)] : []),
    ...(drift
      ? [observeDrift(run, drift.shared, ports).then((facts) => ({ audit: judgeDrift(facts, drift) }))]
      : []),
    ...(compliance ? [auditCompliance(run, compliance, baselines, ports)] : []),
  ];
}

async function auditStability(
  runId: RunId,
  run: RunRecord,
  config: ServiceConfig,
  policy: NonNullable<AuditsConfig['stability']>,
  baselines: Baselines,
  ports: Ports,
): Promise<Made> {
  const { measures, stable } = await observeStability(runId, run, config, ports);
  const last = baselines.newest('stability', (known) => known.stability !== undefined);
  const before = last?.stability && { ...last.stability, revision: last.revision };
  const same = run.stable === undefined ? undefined : { ...stable, revision: run.stable };
  const audit = judgeStability(measures, before ?? same, {
    ...policy,
    minimumRequests: config.requestLog.minimum,
  });
  return { audit, stability: measures };
}

async function auditCompliance(
  run: RunRecord,
  policy: NonNullable<AuditsConfig['compliance']>,
  baselines: Baselines,
  { store }: Ports,
): Promise<Made> {
  const id = run.scan ?? run.build?.id;
  const scan = id && (await store.get(documentIn(scans, id)))?.data;
  const last = baselines.newest('compliance', (known) => known.scan !== undefined);
  const before = last?.scan && (await store.get(documentIn(scans, last.scan)))?.data;
  const audit = judgeCompliance(scan, last && before && { revision: last.revision, scan: before }, policy);
  return { audit, scan: scan && id };
}
