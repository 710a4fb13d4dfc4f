import { type Hop, messageSchemas } from '../../../shared/contracts/messages.ts';

export const hops: readonly Hop[] = Object.keys(messageSchemas).filter(isHop);

/** Those behind push subscriptions: one for each hop, and one for what is given up. */
export const pushFunctions = [...hops, 'record-dead-letter'] as const;

/** Every function of the pipeline: those, one that jobs ask, and one that people ask. */
export const functionNames = [...pushFunctions, 'collect-results', 'serve-reports'] as const;
export type FunctionName = (typeof functionNames)[number];

/** Those that only the checks of suites need. */
export const suiteFunctions: readonly FunctionName[] = [
  'dispatch-shards',
  'execute-shard',
  'record-history',
  'collect-results',
];

function isHop(key: string): key is Hop {
  return Object.hasOwn(messageSchemas, key);
}
