import { deadLetterTopic, topicOf } from '../shared/contracts/topics.ts';
import {
  type FunctionName,
  type FunctionRow,
  functionNames,
  functionTable,
  type HopSubscription,
  hops,
  hopTable,
  subscriptionsOf,
} from '../shared/runtime/hops.ts';
import type { Right } from '../shared/runtime/rights.ts';

interface Subscription extends HopSubscription {
  /** False: a failing message is delivered for ever, since there is nowhere else for it to go. */
  readonly deadLetters: boolean;
}

type Trigger =
  | {
      readonly kind: 'push';
      readonly subscriptions: readonly Subscription[];
      /** Cloud Scheduler publishes `{}` there, as in cron. */
      readonly schedule?: { readonly cron: string; readonly topic: string };
    }
  /** `public`: anybody may ask; `private`: who may invoke the function. */
  | { readonly kind: 'http'; readonly access: 'public' | 'private' };

interface DeployedFunction {
  readonly trigger: Trigger;
  readonly rights: readonly Right[];
  /** Short names of topics. */
  readonly publishes: readonly string[];
}

/** What a deployment consists of. */
export interface Topology {
  /** Of every push subscription. */
  readonly delivery: {
    readonly ackDeadlineSeconds: number;
    readonly maxDeliveryAttempts: number;
    readonly minBackoffSeconds: number;
    readonly maxBackoffSeconds: number;
  };
  /** Ours; `foreignTopics` belong to others. */
  readonly topics: readonly string[];
  readonly foreignTopics: readonly string[];
  readonly deadLetterTopic: string;
  readonly functions: Readonly<Record<string, DeployedFunction>>;
}

/** The table of functions as a deployment needs it; `infra/topology.json` is this, for Terraform. */
export const topology: Topology = {
  // 600 s is the most that Pub/Sub waits for an answer, and 5 are the fewest attempts before a dead letter.
  delivery: {
    ackDeadlineSeconds: 600,
    maxDeliveryAttempts: 5,
    minBackoffSeconds: 10,
    maxBackoffSeconds: 600,
  },
  topics: [...hops.map((hop) => topicOf(hop)), deadLetterTopic()],
  foreignTopics: hops.flatMap((hop) => hopTable[hop].foreignTopic ?? []),
  deadLetterTopic: deadLetterTopic(),
  functions: Object.fromEntries(
    functionNames.map((name) => [name, deploy(functionTable[name], triggerOf(name))]),
  ),
};

function deploy({ rights, publishes }: FunctionRow, trigger: Trigger): DeployedFunction {
  return { trigger, rights, publishes: publishes.map((hop) => topicOf(hop)) };
}

function triggerOf(name: FunctionName): Trigger {
  const row = functionTable[name];
  if (row.kind === 'http') return { kind: 'http', access: row.access };
  const deadLetters = row.kind === 'hop';
  const subscriptions = subscriptionsOf(name).map((one) => ({ ...one, deadLetters }));
  const cron = row.kind === 'hop' ? row.schedule : undefined;
  return {
    kind: 'push',
    subscriptions,
    ...(cron !== undefined && { schedule: { cron, topic: topicOf(name) } }),
  };
}
