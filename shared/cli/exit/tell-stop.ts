import { documentIn } from '../../contracts/document.ts';
import { intents, outbox, runs, services } from '../../contracts/records.ts';
import type { EffectId, RunId, ServiceKey } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import type { StoppedError } from '../../runtime/stop/stopped-error.ts';
import { describeStop, type StoppedWork } from '../../wording/describe-stop.ts';
import { formatSeconds } from '../../wording/format-seconds.ts';
import { describeRunHolds } from '../format/describe-run-holds.ts';
import { recordsOptionsOf, type StoreOptions } from '../options/store-options.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { exitCodeOfSignal } from './on-stop-signal.ts';

/** What a process has touched. */
interface Touched {
  readonly runIds: readonly RunId[];
  readonly effectIds: readonly EffectId[];
}

/** What to print when a command was stopped: from the records, since they survive it. */
export async function tellStop(
  { stop }: StoppedError,
  touched: Touched,
  options: StoreOptions,
  store: Store,
): Promise<{ readonly text: string; readonly code: ExitCode }> {
  const recordsOptions = recordsOptionsOf(options);
  const found = await loadWork(touched, store);
  const work = { ...found, recordsOptions, holds: await loadHolds(found.runs, recordsOptions, store) };
  switch (stop.kind) {
    case 'timeout':
      return {
        text: describeStop(`after ${formatSeconds(stop.afterMs)} (--timeout)`, work),
        code: exitCodes.inconclusive,
      };
    case 'signal':
      return { text: describeStop(`by ${stop.signal}`, work), code: exitCodeOfSignal(stop.signal) };
    default:
      return stop satisfies never;
  }
}

async function loadWork(
  { runIds, effectIds }: Touched,
  store: Store,
): Promise<Omit<StoppedWork, 'recordsOptions' | 'holds'>> {
  const found = await Promise.all([
    Promise.all(runIds.map((id) => store.get(documentIn(runs, id)))),
    Promise.all(effectIds.map((id) => store.get(documentIn(outbox, id)))),
    Promise.all(
      effectIds.map((id) => store.find({ collection: intents, where: [['effectId', '==', id]], limit: 100 })),
    ),
  ]);
  const ownRuns = found[0].flatMap((run) => (run ? [{ id: run.id, ...run.data }] : []));
  const effects = found[1].flatMap((effect) => (effect ? [effect.data] : []));
  const keys = new Set<ServiceKey>([...ownRuns, ...effects].map(({ serviceKey }) => serviceKey));
  const known = await Promise.all([...keys].map((key) => store.get(documentIn(services, key))));
  return {
    runs: ownRuns,
    effects,
    trafficChanges: found[2]
      .flat()
      .map(({ data }) => data)
      .sort((a, b) => a.at.getTime() - b.at.getTime()),
    services: known.flatMap((service) => (service ? [service.data] : [])),
  };
}

/** Of the open runs: running the command again does not end these. */
async function loadHolds(
  found: StoppedWork['runs'],
  records: string | undefined,
  store: Store,
): Promise<readonly string[]> {
  const lines = await Promise.all(found.map((run) => describeRunHolds(run, records, store)));
  return [...new Set(lines.flat())];
}
