/** Where Cloud Build announces its builds; Google fixes the name. */
export const buildTopic = 'cloud-builds';
/** Where Pub/Sub puts what no delivery could settle. */
export const deadLetterTopic = 'deploy-loop-dead-letters';

/** The short name of a hop's topic, and of its subscription. */
export function topicOf(hop: string, prefix = 'deploy-loop-'): string {
  return `${prefix}${hop}`;
}
