import {
  BeginValidation,
  CheckHealth,
  DecideStage,
  DispatchShards,
  ExecuteShard,
  type Hop,
  type MessageOf,
  RecordHistory,
  RouteTraffic,
  SweepStaleRuns,
} from '../contracts/messages.ts';
import type { Ports } from '../ports/ports.ts';
import { beginValidation } from '../services/begin-validation.ts';
import { checkHealth } from '../services/check-health.ts';
import { decideStage } from '../services/decide-stage.ts';
import { dispatchShards } from '../services/dispatch-shards.ts';
import { executeShard } from '../services/execute-shard.ts';
import { recordHistory } from '../services/record-history.ts';
import { routeTraffic } from '../services/route-traffic.ts';
import { sweepStaleRuns } from '../services/sweep-stale-runs.ts';
import { handleMessage } from './handle-message.ts';

type Deliver<H extends Hop> = (message: MessageOf<H>, ports: Ports) => Promise<void>;

/** Which service settles the messages of a hop, when all run in one process. */
const delivery: { readonly [H in Hop]: Deliver<H> } = {
  'begin-validation': (message, ports) =>
    handleMessage('begin-validation', BeginValidation, message, beginValidation, ports),
  'check-health': (message, ports) => handleMessage('check-health', CheckHealth, message, checkHealth, ports),
  'dispatch-shards': (message, ports) =>
    handleMessage('dispatch-shards', DispatchShards, message, dispatchShards, ports),
  'execute-shard': (message, ports) =>
    handleMessage('execute-shard', ExecuteShard, message, executeShard, ports),
  'record-history': (message, ports) =>
    handleMessage('record-history', RecordHistory, message, recordHistory, ports),
  'decide-stage': (message, ports) => handleMessage('decide-stage', DecideStage, message, decideStage, ports),
  'route-traffic': (message, ports) =>
    handleMessage('route-traffic', RouteTraffic, message, routeTraffic, ports),
  'sweep-stale-runs': (message, ports) =>
    handleMessage('sweep-stale-runs', SweepStaleRuns, message, sweepStaleRuns, ports),
};

/** Settles a message within this process. @throws what a later delivery may mend */
export function deliverInProcess<H extends Hop>(hop: H, message: MessageOf<H>, ports: Ports): Promise<void> {
  return delivery[hop](message, ports);
}
