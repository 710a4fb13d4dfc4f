import { type FunctionName, functionNames, functionTable } from '../../../shared/runtime/hops.ts';

export { type FunctionName, functionNames };

/** Those behind push subscriptions. */
export const pushFunctions = functionNames.filter((name) => functionTable[name].kind !== 'http');

/** Those that only the checks of suites need. */
export const suiteFunctions: readonly FunctionName[] = [
  'dispatch-shards',
  'execute-shard',
  'record-history',
  'collect-results',
];
