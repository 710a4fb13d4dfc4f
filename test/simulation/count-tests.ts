import { decisions, type ShardRecord } from '../../shared/contracts/records.ts';
import type { Write } from '../../shared/ports/store.ts';
import type { SimWorld } from './sim-world.ts';

const stageMs = 600_000;

/** Counts what a committed document says of stage tests: schedules in which none of it happens show nothing. */
export function countTestsCommit(
  { ref, kind }: Write,
  { records, log }: Pick<SimWorld, 'records' | 'log'>,
): void {
  const [, runId = '', part] = /^runs\/([0-9a-f]+)\/(claims|slots|shards)$/.exec(ref.collection.path) ?? [];
  if (part === 'claims' && kind === 'update') log.count('leases taken again');
  if (part === 'slots') log.count('slot turns');
  if (part === 'shards' && records.shards(runId).get(ref.id)?.burst !== undefined) log.count('bursts');
  if (ref.collection.path === decisions.path && ref.id.endsWith('.tests'))
    countDecision(ref.id, { records, log });
}

function countDecision(id: string, { records, log }: Pick<SimWorld, 'records' | 'log'>): void {
  const decision = records.decisions.get(id);
  const [runId = ''] = id.split('.');
  if (!decision) return;
  const shards: readonly ShardRecord[] = [...records.shards(runId).values()];
  const burst = shards.some((shard) => shard.burst !== undefined);
  const missing = records.plannedChecks(runId).length - shards.length;
  const code = decision.reasons[0]?.code;
  if (code === 'regression' && missing > 0) log.count('gates lost early');
  if (decision.at.getTime() - decision.startedAt.getTime() >= stageMs) log.count('tests at the deadline');
  if (!burst) return;
  const byHealth = decision.verdict === 'fail' && code !== 'regression';
  log.count(byHealth || code === 'dependency' ? 'bursts decided by health' : 'bursts that go on');
}
