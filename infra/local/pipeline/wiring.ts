import { topology } from '../../topology.ts';
import { type FunctionName, functionNames } from './function-names.ts';

/** A push subscription: which topic it reads, and which function it calls. */
export interface Wire {
  /** The subscription's short name. */
  readonly id: string;
  /** The topic's short name. */
  readonly topic: string;
  readonly to: FunctionName;
  /** What becomes of what is given up; false: nothing is. */
  readonly deadLetters: boolean;
}

/** As a deployment has them. */
export const wires: readonly Wire[] = functionNames.flatMap((to) => {
  const trigger = topology.functions[to]?.trigger;
  if (trigger?.kind !== 'push') return [];
  return trigger.subscriptions.map(({ name, topic, deadLetters }) => ({ id: name, topic, to, deadLetters }));
});

export const topics: readonly string[] = [...topology.topics, ...topology.foreignTopics];
