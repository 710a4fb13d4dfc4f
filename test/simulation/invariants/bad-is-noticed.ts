import type { RunRecord } from '../../../shared/contracts/records.ts';
import { serviceKeyOf } from '../../../shared/domain/ids.ts';
import { mostServed, servingSplit } from '../../../shared/domain/service-state.ts';
import type { SimRevision } from '../cloud/sim-revision.ts';
import type { SimWorld } from '../sim-world.ts';
import type { Invariant } from './invariant.ts';

function isOf(revision: SimRevision, run: RunRecord | undefined): boolean {
  return run !== undefined && revision.is(run.candidate);
}

/** A revision that never answered well does not serve unnoticed. */
export function badIsNoticed({ records, cloud }: SimWorld): Invariant {
  return {
    promise: 'a human was told of a bad revision that serves',
    atEnd: () => {
      const serving = cloud.find(mostServed(servingSplit(cloud.state())));
      if (serving?.behaviour.kind !== 'bad') return undefined;
      if (records.control(serviceKeyOf(cloud.ref)) ?? records.control('kill')) return undefined;
      const told = [...records.decisions.values()].some(
        ({ runId, verdict, alert, reasons }) =>
          isOf(serving, records.runs.get(runId)) &&
          (verdict === 'fail' || verdict === 'inconclusive') &&
          (alert || reasons[0]?.code === 'aborted'),
      );
      return told ? undefined : `${serving.name} serves, has always been bad, and nobody was told`;
    },
  };
}
