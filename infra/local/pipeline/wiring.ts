import { type FunctionName, hops } from './function-names.ts';

/** A push subscription: which topic it reads, and which function it calls. */
export interface Wire {
  /** The subscription's short name. */
  readonly id: string;
  /** The topic's short name. */
  readonly topic: string;
  readonly to: FunctionName;
}

/** Where Cloud Build announces its builds; Google fixes the name. */
export const buildTopic = 'cloud-builds';
export const deadLetterTopic = 'deploy-loop-dead-letters';

export const wires: readonly Wire[] = [
  { id: 'deploy-loop-cloud-builds', topic: buildTopic, to: 'begin-validation' },
  ...hops.map((hop): Wire => ({ id: `deploy-loop-${hop}`, topic: `deploy-loop-${hop}`, to: hop })),
  { id: 'deploy-loop-dead-letters', topic: deadLetterTopic, to: 'record-dead-letter' },
];

export const topics: readonly string[] = [...new Set(wires.map(({ topic }) => topic))];
