import type { Hop } from '../shared/contracts/messages.ts';
import { deadLetterTopic, topicOf } from '../shared/contracts/topics.ts';
import {
  type DeadLetterRow,
  type FunctionRow,
  functionTable,
  type HttpRow,
  hops,
  hopTable,
  otherTable,
} from '../shared/runtime/hops.ts';
import type { Right } from '../shared/runtime/rights.ts';

/** A push subscription. */
interface Subscription {
  /** Its short name. */
  readonly name: string;
  /** The topic's short name. */
  readonly topic: string;
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
  topics: [...hops.map((hop) => topicOf(hop)), deadLetterTopic],
  foreignTopics: hops.flatMap((hop) => hopTable[hop].foreignTopic ?? []),
  deadLetterTopic,
  functions: Object.fromEntries([
    ...hops.map((hop) => [hop, deploy(functionTable[hop], triggerOfHop(hop))]),
    ...Object.entries(otherTable).map(([name, row]) => [name, deploy(row, triggerOfOther(row))]),
  ]),
};

function deploy({ rights, publishes }: FunctionRow, trigger: Trigger): DeployedFunction {
  return { trigger, rights, publishes: publishes.map((hop) => topicOf(hop)) };
}

function triggerOfHop(hop: Hop): Trigger {
  const { foreignTopic, schedule } = hopTable[hop];
  const topic = topicOf(hop);
  const own: Subscription = { name: topic, topic, deadLetters: true };
  const foreign = foreignTopic && { ...own, name: topicOf(foreignTopic), topic: foreignTopic };
  return {
    kind: 'push',
    subscriptions: foreign ? [foreign, own] : [own],
    ...(schedule && { schedule: { cron: schedule, topic } }),
  };
}

function triggerOfOther(row: DeadLetterRow | HttpRow): Trigger {
  if (row.kind === 'http') return { kind: 'http', access: row.access };
  const subscription = { name: deadLetterTopic, topic: deadLetterTopic, deadLetters: false };
  return { kind: 'push', subscriptions: [subscription] };
}
