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
import { create } from '../../shared/ports/store.ts';
import { putInForce, storeConfig } from '../../shared/services/apply-config.ts';
import { deployFirst } from './events/deploys.ts';
import { ask } from './events/script.ts';
import type { Setting } from './setting.ts';
import { simConfig } from './sim-config.ts';
import type { SimWorld } from './sim-world.ts';

/** A service that serves, under a config in force; known to be good, or to be found out. */
export async function setUp(setting: Setting, world: SimWorld): Promise<void> {
  const { store, kernel } = world;
  for (const [n, region] of (setting.neighbours ?? []).entries())
    world.found({ ...world.cloud.ref, region, service: `beside-${n + 1}` });
  const clock = { now: () => new Date(kernel.nowMs), monotonicMs: () => 0, sleep: () => Promise.resolve() };
  const config = simConfig(
    setting,
    world.services.map(({ cloud }) => cloud.ref),
  );
  const digest = hashOf(canonicalJson(config)) as ConfigDigest;
  await storeConfig(config, digest, { store, clock });
  await putInForce(digest, { store, clock });
  for (const around of world.services) await begin(setting, around);
}

/** One service serves what was deployed long ago. */
async function begin({ mode, known }: Setting, world: SimWorld): Promise<void> {
  const { cloud } = world;
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
