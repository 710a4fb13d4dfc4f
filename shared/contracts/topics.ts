/** The topic on which Cloud Build announces its builds; Google determines the name. */
export const buildTopic = 'cloud-builds';
/** What precedes the hop in the names of topics and subscriptions, unless a deployment says otherwise. */
export const defaultTopicPrefix = 'deploy-loop-';

/** The short name of a hop's topic, and of its subscription. */
export function topicOf(hop: string, prefix = defaultTopicPrefix): string {
  return `${prefix}${hop}`;
}

/** The topic to which Pub/Sub forwards messages after too many deliveries. */
export function deadLetterTopic(prefix?: string): string {
  return topicOf('dead-letters', prefix);
}
