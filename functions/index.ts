import { createLogger } from '../shared/runtime/container.ts';
import { environment } from '../shared/runtime/environment.ts';
import { structureConsole } from '../shared/runtime/structured-console.ts';

structureConsole(console, createLogger({ logLevel: 'info' }));

/** One artifact, and each process loads only its own part: the clients of the others cost seconds of a cold start. */
const entries: Readonly<Record<string, () => Promise<unknown>>> = {
  'begin-validation': () => import('./begin-validation/index.ts'),
  'check-health': () => import('./check-health/index.ts'),
  'dispatch-shards': () => import('./dispatch-shards/index.ts'),
  'execute-shard': () => import('./execute-shard/index.ts'),
  'record-history': () => import('./record-history/index.ts'),
  'decide-stage': () => import('./decide-stage/index.ts'),
  'route-traffic': () => import('./route-traffic/index.ts'),
  'sweep-stale-runs': () => import('./sweep-stale-runs/index.ts'),
  'record-dead-letter': () => import('./record-dead-letter/index.ts'),
  'collect-results': () => import('./collect-results/index.ts'),
  'serve-reports': () => import('./serve-reports/index.ts'),
};

const target = environment.FUNCTION_TARGET ?? '';
const load = Object.hasOwn(entries, target) ? entries[target] : undefined;
if (!load)
  throw new TypeError(
    `FUNCTION_TARGET: ${JSON.stringify(target)} is none of ${Object.keys(entries).join(', ')}`,
  );
await load();
