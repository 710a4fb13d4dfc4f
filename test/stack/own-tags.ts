import type { ServiceState } from '../../shared/domain/service-state.ts';
import { isRunTag } from '../../shared/domain/traffic/traffic-tags.ts';

/** The tags that runs have left on a service. */
export function runTagsOf({ traffic }: ServiceState): readonly string[] {
  return traffic.flatMap(({ tag }) => (tag !== undefined && isRunTag(tag) ? [tag] : []));
}
