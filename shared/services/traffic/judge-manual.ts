import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type EffectRecord, type ServiceRecord, services } from '../../contracts/records.ts';
import { type RevisionName, type ServiceRef, serviceKeyOf } from '../../domain/ids.ts';
import type { Mode } from '../../domain/stages.ts';
import { isDenied, olderGood } from '../../domain/traffic/choose-rollback-target.ts';
import { type ManualKind, planAllOn, planUnpin, servingMost } from '../../domain/traffic/plan-manual.ts';
import { planPromotion } from '../../domain/traffic/plan-traffic.ts';
import { compareRevisions, orderOf, type Revision } from '../../domain/traffic/revision.ts';
import {
  gainersOf,
  percentsChanged,
  type ServiceState,
  type TrafficTarget,
} from '../../domain/traffic/traffic.ts';
import type { Reason, ReasonCode } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadCurrentConfig } from '../records/load-config.ts';
import { lastRunOf } from '../runs/next-attempt.ts';
import { ownPin } from './kept-pin.ts';

type Request = NonNullable<EffectRecord['request']>;

/** What a person's wish amounts to, on a service as it now is. */
export type ManualPlan =
  | {
      readonly kind: 'write';
      readonly traffic: TrafficTarget[];
      readonly target: RevisionName | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: Reason };

/**
 * Plans what a person wants done to traffic, and writes nothing: the effect and its dry run ask the same.
 */
export async function judgeManual(
  kind: ManualKind,
  request: Request,
  service: ServiceState,
  ports: Pick<Ports, 'store' | 'run'>,
): Promise<ManualPlan> {
  const known = (await ports.store.get(documentIn(services, serviceKeyOf(service.ref))))?.data;
  const revisions = await ports.run.listRevisions(service.ref);
  const mode = (await findConfig(service.ref, ports))?.mode ?? 'guard';
  const target = targetOf(kind, request, service, known, revisions);
  const pinned = known?.pin !== undefined && !percentsChanged(known.pin.after, service);
  if (kind === 'unpin' ? !pinned : target === undefined)
    return refused(kind === 'unpin' ? 'not-pinned' : 'no-target', noTarget[kind]);
  const traffic = trafficOf(kind, target, service, known, mode);
  const unfit = await refuseGainers(request, service, traffic, known, revisions, ports);
  if (unfit) return { kind: 'refused', reason: unfit };
  return { kind: 'write', traffic, target };
}

const noTarget: Readonly<Record<ManualKind, string>> = {
  rollback: 'no revision before the serving one is recorded as good: specify one with --to',
  promote: 'no ready revision is newer than the serving one: specify one with --revision',
  pin: 'the service has no traffic: specify the revision with --to',
  unpin: 'traffic is not pinned, or was moved by someone else since',
};

/** The service in the config in force; undefined: it is not in it, or there is none. */
export async function findConfig(
  ref: ServiceRef,
  { store }: Pick<Ports, 'store'>,
): Promise<ServiceConfig | undefined> {
  const bound = await loadCurrentConfig(store);
  return bound?.config.services.find(
    (s) => s.project === ref.project && s.region === ref.region && s.service === ref.service,
  );
}

function targetOf(
  kind: ManualKind,
  { revision }: Request,
  service: ServiceState,
  known: ServiceRecord | undefined,
  revisions: readonly Revision[],
): RevisionName | undefined {
  if (revision !== undefined || kind === 'unpin') return revision;
  const most = servingMost(service);
  const serving = revisions.find((candidate) => candidate.name === most);
  if (kind === 'pin') return most;
  if (!serving) return undefined;
  if (kind === 'rollback') return olderGood(known?.lastGood ?? [], orderOf(serving))?.revision;
  return revisions.find(
    (candidate) =>
      candidate.readiness.kind === 'ready' && compareRevisions(orderOf(candidate), orderOf(serving)) > 0,
  )?.name;
}

function trafficOf(
  kind: ManualKind,
  target: RevisionName | undefined,
  service: ServiceState,
  known: ServiceRecord | undefined,
  mode: Mode,
): TrafficTarget[] {
  if (target === undefined || kind === 'unpin') return planUnpin(service, known?.pin);
  if (kind === 'promote')
    return planPromotion(service, target, mode, mode === 'guard' ? ownPin(service, known) : undefined)
      .traffic;
  return planAllOn(service, target);
}

/** Whoever gets more traffic must be there, ready and known to be good; the last of these a person may overrule. */
async function refuseGainers(
  { force }: Request,
  service: ServiceState,
  traffic: readonly TrafficTarget[],
  known: ServiceRecord | undefined,
  revisions: readonly Revision[],
  { store }: Pick<Ports, 'store'>,
): Promise<Reason | undefined> {
  for (const name of gainersOf(service, traffic)) {
    const revision = revisions.find((candidate) => candidate.name === name);
    if (!revision) return { code: 'target-deleted', text: `${name} does not exist` };
    if (revision.readiness.kind !== 'ready')
      return { code: 'target-not-ready', text: `${name} is ${revision.readiness.kind}` };
    if (force) continue;
    if (isDenied(revision))
      return {
        code: 'target-denied',
        text: `${name} carries a label that excludes it from rollbacks: --force skips this check`,
      };
    const good = known?.lastGood.some((entry) => entry.revision === name);
    const verdict = good ? 'pass' : (await lastRunOf(store, service.ref, name))?.verdict;
    if (verdict !== 'pass')
      return {
        code: 'target-unverified',
        text: `${name} ${verdict ? `was judged ${verdict}` : 'was never validated'}: --force skips the verification requirement`,
      };
  }
  return undefined;
}

function refused(code: ReasonCode, text: string): ManualPlan {
  return { kind: 'refused', reason: { code, text } };
}
