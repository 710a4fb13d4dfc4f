import { documentIn } from '../../contracts/document.ts';
import { services } from '../../contracts/records.ts';
import { type RevisionName, serviceKeyOf } from '../../domain/ids.ts';
import type { EffectRequest } from '../../domain/records/effect.ts';
import { compareRevisions, orderOf } from '../../domain/revision.ts';
import { isRecordedGood } from '../../domain/runs/review-standing.ts';
import { gainersOf, type ServiceState, type TrafficTarget } from '../../domain/service-state.ts';
import {
  type ManualFacts,
  type ManualKind,
  type ManualPlan,
  planManual,
  refuseGainers,
} from '../../domain/traffic/plan-manual.ts';
import type { Verdict } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { withKnownPin } from '../records/known-pin.ts';
import { lastRunOf } from '../records/last-run.ts';
import { findConfig } from '../records/load-config.ts';

/**
 * Plans a manual traffic change without writing it: the effect and its dry run use the same rules.
 */
export async function judgeManual(
  kind: ManualKind,
  request: EffectRequest,
  service: ServiceState,
  ports: Pick<Ports, 'store' | 'run'>,
): Promise<ManualPlan> {
  const stored = await ports.store.get(documentIn(services, serviceKeyOf(service.ref)));
  const known = withKnownPin(service, stored?.data);
  const revisions = await ports.run.listRevisions(service.ref);
  const mode = (await findConfig(service.ref, ports))?.mode ?? 'guard';
  const facts = { service, known, revisions, mode };
  const plan = planManual(kind, request, facts);
  if (plan.kind === 'refused') return plan;
  const judged = request.force ? new Map() : await loadVerdicts(service, plan.traffic, facts, ports);
  const unfit = refuseGainers(request, facts, plan.traffic, judged);
  return unfit ? { kind: 'refused', reason: unfit } : plan;
}

/** The last verdicts on the revisions that would gain traffic, unless they are recorded good. */
async function loadVerdicts(
  service: ServiceState,
  traffic: readonly TrafficTarget[],
  { known, revisions }: ManualFacts,
  { store }: Pick<Ports, 'store'>,
): Promise<ReadonlyMap<RevisionName, Verdict | undefined>> {
  const gainers = gainersOf(service, traffic);
  const unknown = revisions.filter(
    (revision) => gainers.includes(revision.name) && !isRecordedGood(revision, known),
  );
  const runs = await Promise.all(unknown.map(({ name }) => lastRunOf(store, service.ref, name)));
  return new Map(
    unknown.map((revision, n) => {
      const run = runs[n]?.data;
      // A run of an older revision of the same name says nothing about this one.
      const isSame = run && compareRevisions(run.candidate, orderOf(revision)) === 0;
      return [revision.name, isSame ? run.verdict : undefined];
    }),
  );
}
