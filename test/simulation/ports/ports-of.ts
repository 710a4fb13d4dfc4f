import { pathOf } from '../../../shared/contracts/document.ts';
import { intents } from '../../../shared/contracts/records.ts';
import { TransientError, WriteConflictError } from '../../../shared/domain/errors.ts';
import type { Ports } from '../../../shared/ports/ports.ts';
import type { Write } from '../../../shared/ports/store.ts';
import type { SimProcess } from '../kernel/sim-process.ts';
import type { SimWorld } from '../sim-world.ts';
import { callsOf } from './call.ts';
import { loggerOf } from './logger-of.ts';
import { simChecksOf } from './sim-checks.ts';
import { simProberOf } from './sim-prober.ts';
import { simRunOf } from './sim-run.ts';

/**
 * Everything that one process reaches, each call of it a step of its own.
 * @param faultless true: it dies of nothing
 */
export function portsOf(process: SimProcess, world: SimWorld, { faultless = false } = {}): Ports {
  const { kernel, store, bus, builds, records, faults, log } = world;
  const call = callsOf(process, kernel, {
    faultAt: (caller, kind) => (faultless ? undefined : faults.at(kind, caller.effectId !== undefined)),
    absenceMs: (fault) => faults.absenceMs(fault),
    kill: (victim, where) => world.kill(victim, where),
    // A repeated commit may find its own first success.
    lostAnswer: (kind) =>
      faults.repeats()
        ? new WriteConflictError(`${kind} was repeated`)
        : new TransientError(`the answer to ${kind} was lost`),
  });
  const sleep = (ms: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    kernel.after(Math.max(0, ms), () => void call('clock.sleep', '', () => undefined).then(resolve));
    return promise;
  };
  return {
    store: {
      get: (ref) => call('store.get', log.tells ? pathOf(ref) : '', () => store.get(ref)),
      find: (query) => call('store.find', query.collection.path, () => store.find(query)),
      countAndSum: (collection, field) =>
        call('store.countAndSum', collection.path, () => store.countAndSum(collection, field)),
      commit: (writes) =>
        call(
          commitKind(writes),
          log.tells ? writes.map((write) => records.describe(write)).join(', ') : '',
          () => commit(writes, process, world),
        ),
    },
    bus: {
      publish: (hop, message) =>
        call('bus.publish', log.tells ? `${hop} ${JSON.stringify(message)}` : '', () =>
          bus.publish(hop, message),
        ),
    },
    run: simRunOf(process, call, world),
    builds: { getBuild: (name) => call('builds.getBuild', '', () => builds.get(name)) },
    // No service of the simulation tells others.
    scm: {
      connect: () => {
        throw new TypeError('nobody is told');
      },
    },
    notifier: { send: () => Promise.reject(new TypeError('nobody is told')) },
    checks: simChecksOf(process, call, sleep, world),
    prober: simProberOf(process, call, sleep, world),
    // No suite and no health of the simulation talks over a socket.
    sockets: { converse: () => Promise.reject(new TypeError('nobody is asked to talk')) },
    logs: {
      listRequests: (query) =>
        call('logs.listRequests', query.revision, () => {
          const { cloud } = world.around(query.ref);
          return cloud.logs.list(cloud.find(query.revision), query, kernel.nowMs);
        }),
      listEntries: (query) =>
        call('logs.listEntries', query.revision, () => ({ entries: [], complete: true })),
    },
    clock: { now: () => new Date(kernel.nowMs + process.skewMs), monotonicMs: () => kernel.nowMs, sleep },
    random: world.random,
    log: loggerOf(process, log),
  };
}

async function commit(
  writes: readonly Write[],
  process: SimProcess,
  { store, log }: SimWorld,
): Promise<void> {
  try {
    await store.commit(writes);
  } catch (error) {
    // It was away for longer than its lease, and comes back with a shard that somebody else has stored.
    if (
      error instanceof WriteConflictError &&
      process.wasAway &&
      commitKind(writes) === 'store.commit shards'
    )
      log.count('zombies');
    throw error;
  }
}

function commitKind(writes: readonly Write[]): string {
  if (writes.some(({ ref }) => ref.collection.path === intents.path)) return 'store.commit intents';
  const part = writes.map(({ ref }) => /^runs\/[^/]+\/(plan|claims|shards)$/.exec(ref.collection.path)?.[1]);
  const named = part.find((name) => name !== undefined);
  return named === undefined ? 'store.commit' : `store.commit ${named}`;
}
