import { type Hop, type MessageOf, messageSchemas } from '../contracts/messages.ts';
import type { Delivery } from '../contracts/pubsub-message.ts';
import { readBeginValidation } from '../contracts/read-begin-validation.ts';
import { buildTopic, deadLetterTopic, topicOf } from '../contracts/topics.ts';
import type { Ports } from '../ports/ports.ts';
import type { Right } from './rights.ts';

/** The service of a hop. Rejecting requests another delivery. */
export type HopService<H extends Hop> = (message: MessageOf<H>, ports: Ports) => Promise<void>;

/** The properties of every function. */
export interface FunctionRow {
  readonly rights: readonly Right[];
  /** The hops that it wakes. */
  readonly publishes: readonly Hop[];
}

/**
 * A function with a topic of its own; `messageSchemas` has the schema. Rights and topics are those of this hop alone,
 * without those that it continues with.
 */
export interface HopRow<H extends Hop> extends FunctionRow {
  readonly kind: 'hop';
  /** Hops that the function runs itself when this one wakes them. Its account also gets their rights. */
  readonly continues?: readonly Hop[];
  /** Its service, imported on demand: the clients and rules of the others cost time in a cold start. */
  load(): Promise<HopService<H>>;
  /** A foreign topic that also leads here. */
  readonly foreignTopic?: string;
  /**
   * Converts a delivery to the hop's message; undefined: nothing is to be done.
   * @default the delivery's data
   */
  read?(delivery: Delivery): unknown;
  /** When Cloud Scheduler publishes `{}` on its topic, in cron syntax. */
  readonly schedule?: string;
}

/** A function that records the messages that Pub/Sub has given up. */
export interface DeadLetterRow extends FunctionRow {
  readonly kind: 'dead-letter';
}

/** A function that answers requests. */
export interface HttpRow extends FunctionRow {
  readonly kind: 'http';
  /**
   * `public`: anybody may call it, and the function itself checks a token; `private`: Cloud Run admits its invokers.
   */
  readonly access: 'public' | 'private';
}

/** The one table of hops: the service, the rights of its account, and the hops that it wakes. */
export const hopTable: { readonly [H in Hop]: HopRow<H> } = {
  'begin-validation': {
    kind: 'hop',
    load: async () => (await import('../services/begin-validation.ts')).beginValidation,
    foreignTopic: buildTopic,
    read: readBeginValidation,
    // From a build's message to the decision on its revision without another cold start.
    continues: ['check-health', 'decide-stage'],
    rights: ['read-services', 'read-builds', 'write-records'],
    publishes: ['check-health', 'route-traffic'],
  },
  'check-health': {
    kind: 'hop',
    load: async () => (await import('../services/check-health.ts')).checkHealth,
    continues: ['decide-stage'],
    rights: ['read-services', 'read-request-logs', 'ask-services', 'write-records'],
    publishes: ['check-health', 'decide-stage', 'dispatch-shards', 'route-traffic'],
  },
  'dispatch-shards': {
    kind: 'hop',
    load: async () => (await import('../services/dispatch-shards.ts')).dispatchShards,
    rights: ['read-services', 'ask-services', 'start-jobs', 'write-records'],
    publishes: ['decide-stage', 'execute-shard', 'route-traffic'],
  },
  'execute-shard': {
    kind: 'hop',
    load: async () => (await import('../services/execute-shard.ts')).executeShard,
    rights: ['read-services', 'ask-services', 'start-jobs', 'read-secrets', 'write-records'],
    publishes: ['check-health', 'decide-stage', 'dispatch-shards', 'execute-shard'],
  },
  'decide-stage': {
    kind: 'hop',
    load: async () => (await import('../services/decide-stage.ts')).decideStage,
    rights: ['read-request-logs', 'write-records'],
    publishes: [
      'check-health',
      'decide-stage',
      'diagnose',
      'dispatch-shards',
      'notify',
      'record-history',
      'route-traffic',
    ],
  },
  'route-traffic': {
    kind: 'hop',
    load: async () => (await import('../services/route-traffic.ts')).routeTraffic,
    rights: ['read-services', 'update-services', 'ask-services', 'write-records'],
    publishes: ['check-health', 'diagnose', 'notify', 'route-traffic'],
  },
  diagnose: {
    kind: 'hop',
    load: async () => (await import('../services/diagnose.ts')).diagnose,
    rights: ['read-services', 'read-logs', 'read-secrets', 'tell-others', 'write-records'],
    publishes: ['notify'],
  },
  notify: {
    kind: 'hop',
    load: async () => (await import('../services/notify.ts')).notify,
    rights: ['read-services', 'read-secrets', 'tell-others', 'write-records'],
    publishes: ['notify'],
  },
  'record-history': {
    kind: 'hop',
    load: async () => (await import('../services/record-history.ts')).recordHistory,
    rights: ['write-records'],
    publishes: [],
  },
  'sweep-stale-runs': {
    kind: 'hop',
    load: async () => (await import('../services/sweep-stale-runs.ts')).sweepStaleRuns,
    schedule: '* * * * *',
    rights: ['read-services', 'write-records'],
    publishes: ['begin-validation', 'check-health', 'decide-stage', 'diagnose', 'notify', 'route-traffic'],
  },
};

/** The functions that no message of ours wakes. */
export const otherTable = {
  'record-dead-letter': { kind: 'dead-letter', rights: ['write-records'], publishes: [] },
  /** It reads secrets and creates ID tokens on behalf of jobs, which must not do so themselves. */
  'collect-results': {
    kind: 'http',
    access: 'public',
    rights: ['ask-services', 'read-secrets', 'write-records'],
    publishes: [],
  },
  'serve-reports': { kind: 'http', access: 'private', rights: ['read-records'], publishes: [] },
} as const satisfies Readonly<Record<string, DeadLetterRow | HttpRow>>;

export type FunctionName = Hop | keyof typeof otherTable;

/** In the order of the table. */
export const hops: readonly Hop[] = Object.keys(hopTable).filter(isHop);

/** Every function of a deployment, with all rights of its account. */
export const functionTable: Readonly<Record<FunctionName, HopRow<Hop> | DeadLetterRow | HttpRow>> = {
  ...(Object.fromEntries(hops.map((hop) => [hop, functionOf(hopTable[hop])])) as typeof hopTable),
  ...otherTable,
};
export const functionNames: readonly FunctionName[] = Object.keys(functionTable).filter(isFunctionName);

function functionOf(row: HopRow<Hop>): HopRow<Hop> {
  const all = [row, ...(row.continues ?? []).map((hop) => hopTable[hop])];
  const rights = new Set(all.flatMap((one) => one.rights));
  return { ...row, rights: [...rights], publishes: [...new Set(all.flatMap((one) => one.publishes))] };
}

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functionTable, name);
}

function isHop(name: string): name is Hop {
  return Object.hasOwn(messageSchemas, name);
}

/** A push subscription; both are short names. */
export interface HopSubscription {
  readonly name: string;
  readonly topic: string;
}

/** The push subscriptions of a function. @param prefix of our topics and subscriptions */
export function subscriptionsOf(name: FunctionName, prefix?: string): readonly HopSubscription[] {
  const row = functionTable[name];
  if (row.kind === 'http') return [];
  const topic = row.kind === 'hop' ? topicOf(name, prefix) : deadLetterTopic(prefix);
  const foreign = row.kind === 'hop' ? row.foreignTopic : undefined;
  return [
    ...(foreign === undefined ? [] : [{ name: topicOf(foreign, prefix), topic: foreign }]),
    { name: topic, topic },
  ];
}
