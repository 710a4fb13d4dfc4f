/** The topic on which Cloud Build announces its builds; Google determines the name. */
export const buildTopic = 'cloud-builds';
/** The topic to which Pub/Sub forwards messages after too many deliveries. */
export const deadLetterTopic = 'deploy-loop-dead-letters';

/** The short name of a hop's topic, and of its subscription. */
export function topicOf(hop: string, prefix = 'deploy-loop-'): string {
  return `${prefix}${hop}`;
}
