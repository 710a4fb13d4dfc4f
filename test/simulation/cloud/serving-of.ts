import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { ServingTarget, TrafficTarget } from '../../../shared/domain/service-state.ts';

export function hostOf(service: string, tag?: string): string {
  return `https://${tag === undefined ? '' : `${tag}---`}${service}.run.test`;
}

/** The tag ('' for none) and the service of a URL. */
export function partsOf(url: string): { readonly tag: string; readonly service: string } {
  const [, tag = '', service = ''] = /^https:\/\/(?:([^/]+?)---)?([^/]+?)\.run\.test/.exec(url) ?? [];
  return { tag, service };
}

/** The status of a spec: LATEST resolved, and each tag with its URL. */
export function servingOf(
  traffic: readonly TrafficTarget[],
  latestReady: RevisionName | undefined,
  service: string,
): ServingTarget[] {
  const spec = traffic.length > 0 ? traffic : [{ percent: 100 }];
  return spec.flatMap(({ revision = latestReady, percent, tag }: TrafficTarget): ServingTarget[] => {
    if (revision === undefined) return [];
    return [{ revision, percent, tag, uri: tag === undefined ? undefined : hostOf(service, tag) }];
  });
}
