import { documentIn } from '../../shared/contracts/document.ts';
import { services } from '../../shared/contracts/records.ts';
import {
  type ConfigDigest,
  hashOf,
  type RevisionName,
  runIdOf,
  serviceKeyOf,
} from '../../shared/domain/ids.ts';
import { canonicalJson } from '../../shared/domain/json.ts';
import type { Mode } from '../../shared/domain/stages.ts';
import { create } from '../../shared/ports/store.ts';
import { putInForce, storeConfig } from '../../shared/services/apply-config.ts';
import { checkKinds, slowSuffix } from './cloud/check-truth.ts';
import { deployFirst } from './events/deploys.ts';
import { ask } from './events/script.ts';
import type { Dice } from './kernel/dice.ts';
import { simConfig } from './sim-config.ts';
import type { SimWorld } from './sim-world.ts';

export interface Setting {
  readonly mode: Mode;
  /** False: it is still to be found out whether what serves is good. */
  readonly known: boolean;
  readonly requestLog: 'auto' | 'off';
  /** What each revision is tested with; empty: it is not. */
  readonly checks: readonly string[];
}

export function drawSetting(dice: Dice): Setting {
  const mode = dice.pick<Mode>(['guard', 'guard', 'guard', 'gate', 'canary']);
  const known = dice.chance(0.8);
  const requestLog = dice.pick<'auto' | 'off'>(['auto', 'auto', 'off']);
  return { mode, known, requestLog, checks: drawChecks(dice.fork('checks')) };
}

/** None in most schedules: they are there for the traffic. Most of the others can pass. */
function drawChecks(dice: Dice): readonly string[] {
  if (!dice.chance(0.3)) return [];
  const sound = dice.chance(0.8);
  const kinds = sound ? (['pass', 'flaky', 'broken'] as const) : checkKinds;
  // With many of them a slot sees enough alike for a burst.
  const length = dice.chance(0.15) ? dice.between(36, 48) : dice.between(3, 8);
  const pace = dice.chance(0.25) ? slowSuffix : '';
  return Array.from({ length }, (_, n) => `${kinds[dice.below(kinds.length)]}-${n}${pace}`);
}

/** A service that serves, under a config in force; known to be good, or to be found out. */
export async function setUp({ mode, known, requestLog, checks }: Setting, world: SimWorld): Promise<void> {
  const { store, kernel, cloud } = world;
  const clock = { now: () => new Date(kernel.nowMs), monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const config = simConfig(mode, requestLog, checks);
  const digest = hashOf(canonicalJson(config)) as ConfigDigest;
  await storeConfig(config, digest, { store, clock });
  await putInForce(digest, { store, clock });
  const revision = deployFirst(world);
  const all = mode === 'guard' ? { percent: 100 } : { revision, percent: 100 };
  const tags = known ? ['deploy-loop-stable', 'preview'] : ['preview'];
  cloud.editTraffic([all, ...tags.map((tag) => ({ revision, percent: 0, tag }))]);
  cloud.annotations = { team: 'shop' };
  cloud.reconcileNow();
  if (known) await recordGood(revision, world);
  else ask('apply', world);
}

async function recordGood(revision: RevisionName, { store, kernel, cloud }: SimWorld): Promise<void> {
  const at = new Date(kernel.nowMs);
  const createTime = cloud.find(revision)?.view().createTime ?? at;
  const good = { revision, createTime, runId: runIdOf(cloud.ref, revision, 1), at, short: false };
  const record = { ref: cloud.ref, name: cloud.ref.service, lastGood: [good], rollbacks: [] };
  await store.commit([create(documentIn(services, serviceKeyOf(cloud.ref)), record)]);
}
