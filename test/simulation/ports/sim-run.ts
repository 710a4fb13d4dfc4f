import { TrafficChangedError, TransientError, UnknownOutcomeError } from '../../../shared/domain/errors.ts';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import { formatSplit, specSplit } from '../../../shared/domain/service-state.ts';
import type { CloudRun, TrafficChange } from '../../../shared/ports/cloud-run.ts';
import type { SimCloud } from '../cloud/sim-cloud.ts';
import type { SimProcess } from '../kernel/sim-process.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Call } from './call.ts';

/** The client gives a write up after that; what it has sent by then may still arrive. */
const updateTimeoutMs = 15_000;

/** Cloud Run's API as one process sees it. */
export function simRunOf(process: SimProcess, call: Call, world: SimWorld): CloudRun {
  const { kernel, network } = world;
  /** @throws {TransientError} it does not answer */
  const cloudOf = (ref: ServiceRef): SimCloud => {
    if (!network.reaches(process, ref)) throw new TransientError(`UNAVAILABLE: ${ref.region}`);
    return world.around(ref).cloud;
  };
  return {
    getService: (ref) =>
      call('run.getService', ref.service, () => {
        const cloud = cloudOf(ref);
        const state = cloud.state();
        if (!process.readAtMs.has(state.etag)) process.readAtMs.set(state.etag, kernel.nowMs);
        return state;
      }),
    getRevision: (ref, name) => call('run.getRevision', name, () => cloudOf(ref).find(name)?.view()),
    getSettings: (ref, name) =>
      call('run.getSettings', name, () => cloudOf(ref).find(name) && new Map([['image', name]])),
    listRevisions: (ref) =>
      call('run.listRevisions', ref.service, () =>
        cloudOf(ref)
          .revisions.filter((revision) => !revision.deleted)
          .map((revision) => revision.view()),
      ),
    updateTraffic: (ref, change) => {
      const deadlineMs = kernel.nowMs + updateTimeoutMs;
      return call('run.updateTraffic', change.etag, () => {
        if (kernel.nowMs > deadlineMs) throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
        cloudOf(ref);
        update(process, change, world.around(ref));
      });
    },
  };
}

function update(process: SimProcess, change: TrafficChange, world: SimWorld): void {
  const { kernel, cloud, log, faults } = world;
  const fault = faults.nextWriteFault();
  if (fault !== undefined) log.tell('Cloud Run', `fault at the write: ${fault}`);
  switch (fault) {
    case undefined:
      land(process, change, world);
      return;
    case 'conflict':
      cloud.bump();
      land(process, change, world);
      return;
    case 'dropped':
      break;
    case 'lost-answer':
      attempt(process, change, world);
      break;
    case 'late':
      kernel.after(faults.lateMs(), () => attempt(process, change, world));
  }
  log.count('lost answers');
  throw new UnknownOutcomeError('UNAVAILABLE');
}

/** The outcome reaches nobody. */
function attempt(process: SimProcess, change: TrafficChange, world: SimWorld): void {
  try {
    land(process, change, world);
  } catch (error) {
    world.log.tell('Cloud Run', `refuses a write whose answer was lost: ${String(error)}`);
  }
}

function land(process: SimProcess, change: TrafficChange, world: SimWorld): void {
  const { cloud, log, kernel } = world;
  const before = cloud.state();
  try {
    cloud.write(change);
  } catch (error) {
    if (error instanceof TrafficChangedError) log.count('conflicts');
    throw error;
  }
  const effectId = process.effectId ?? '';
  const split = formatSplit(specSplit(change.traffic, before.latestReadyRevision));
  log.tell('Cloud Run', `writes for ${process.name}, ${effectId}: ${split}`);
  log.count('writes');
  world.invariants.onWrite({ effectId, process, before, change, landedMs: kernel.nowMs });
}
