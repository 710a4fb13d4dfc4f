import { type WebHealth, webContainer } from '../../../infra/local/containers/web-container.ts';
import { functionNames } from '../../../infra/local/pipeline/function-names.ts';
import { FirestoreProxy } from '../../chaos/firestore-proxy.ts';
import { FunctionsStack } from '../../stack/functions/functions-stack.ts';
import type { Bench, Figure } from '../bench.ts';
import { functionsConfig } from '../measure-functions.ts';

/** What a run costs in Firestore when functions make it; counted on the wire. */
export const functionsOperations: Bench = {
  title: 'Firestore operations of one run through functions (three probes decide, three re-verify, watch 0s)',
  async run({ firestore }) {
    if (firestore === undefined) return [];
    const proxy = await FirestoreProxy.start(firestore.host);
    const firestoreHosts = Object.fromEntries(functionNames.map((name) => [name, proxy.host]));
    try {
      await using stack = await FunctionsStack.start({
        services: ['broken', 'healthy'],
        config: functionsConfig,
        firestoreHost: firestore.host,
        firestoreHosts,
      });
      return [
        ...(await count(stack, proxy, 'broken', '503')),
        ...(await count(stack, proxy, 'healthy', 'ok')),
      ];
    } finally {
      proxy.close();
    }
  },
};

async function count(
  stack: FunctionsStack,
  { counts }: FirestoreProxy,
  service: string,
  health: WebHealth,
): Promise<Figure[]> {
  await stack.pipeline.idle();
  const before = { ...counts };
  await stack.build(service, webContainer({ HEALTH: health, VERSION: '2' }));
  await stack.pipeline.idle();
  return [
    { what: `${service}: writes`, values: [counts.writes - before.writes], unit: 'operations', aim: 30 },
    { what: `${service}: reads`, values: [counts.reads - before.reads], unit: 'operations', aim: 50 },
  ];
}
