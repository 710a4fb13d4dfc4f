import { type Hop, messageSchemas } from '../../../shared/contracts/messages.ts';

export const hops: readonly Hop[] = Object.keys(messageSchemas).filter(isHop);

/** Every function of the pipeline: one for each hop, one for what is given up, one that jobs ask, one that people ask. */
export const functionNames = [...hops, 'record-dead-letter', 'collect-results', 'serve-reports'] as const;
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
