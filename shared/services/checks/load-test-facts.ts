import type { ServiceConfig } from '../../contracts/config.ts';
import { documentIn } from '../../contracts/document.ts';
import { type PlanHeadRecord, witnessId, witnessOf } from '../../contracts/records.ts';
import type { TestFacts } from '../../domain/checks/assess-tests.ts';
import { testFactsOf } from '../../domain/checks/test-facts.ts';
import { CorruptRecordError } from '../../domain/errors.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadPlan, loadPlanHead } from './load-plan.ts';
import { loadShards } from './load-shards.ts';

interface LoadedFacts {
  readonly head: PlanHeadRecord | undefined;
  readonly facts: TestFacts;
}

const nothing: LoadedFacts = {
  head: undefined,
  facts: { plan: undefined, shardsIn: 0, checks: [], missing: { count: 0, first: [] } },
};

/** The stored facts about a run's checks. An unreadable plan counts as missing. */
export async function loadTestFacts(
  runId: RunId,
  config: ServiceConfig,
  ports: Pick<Ports, 'store' | 'log'>,
): Promise<LoadedFacts> {
  try {
    const head = await loadPlanHead(ports.store, runId);
    if (!head) return nothing;
    const [plan, shards, witness] = await Promise.all([
      loadPlan(ports.store, runId, head),
      loadShards(ports.store, runId, ports.log),
      ports.store.get(documentIn(witnessOf(runId), witnessId)),
    ]);
    return { head, facts: testFactsOf(head, plan, shards, config.suites, witness?.data.seen) };
  } catch (error) {
    if (!(error instanceof CorruptRecordError)) throw error;
    ports.log.error({ code: 'corrupt-record', path: error.path }, error.message);
    return nothing;
  }
}
