import { status } from '@grpc/grpc-js';
import { noSuchRevisionText, notReadyText, tagTooLongText } from '../platform-texts.ts';
import { invalidArgument, RpcError } from '../rpc-error.ts';
import type { TrafficTargetSpec } from './service-spec.ts';

const tagPattern = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What the check needs to know of a revision. */
export interface RevisionStanding {
  readonly ready: boolean;
  readonly message: string;
}

/**
 * @param service its name
 * @param standingOf undefined: no such revision, or deleted
 * @throws {RpcError} INVALID_ARGUMENT: percents or tags; FAILED_PRECONDITION: a revision that cannot serve
 */
export function validateTraffic(
  service: string,
  traffic: readonly TrafficTargetSpec[],
  standingOf: (revision: string) => RevisionStanding | undefined,
): void {
  const sum = traffic.reduce((total, target) => total + target.percent, 0);
  if (sum !== 100) throw invalidArgument(`traffic: percents must sum to 100, not ${sum}`);
  if (traffic.some(({ percent }) => percent < 0))
    throw invalidArgument('traffic: percents must not be negative');
  validateTags(
    service,
    traffic.flatMap(({ tag }) => tag ?? []),
  );
  for (const { revision } of traffic) {
    if (revision === undefined) continue;
    const standing = standingOf(revision);
    if (standing === undefined) throw new RpcError(status.FAILED_PRECONDITION, noSuchRevisionText(revision));
    if (!standing.ready) {
      throw new RpcError(status.FAILED_PRECONDITION, notReadyText(revision, standing.message));
    }
  }
}

/** Tag and service are one label of the tag's host name. */
const maxTagAndService = 46;

function validateTags(service: string, tags: readonly string[]): void {
  if (new Set(tags).size !== tags.length) throw invalidArgument('traffic: duplicate tag');
  const bad = tags.find((tag) => !tagPattern.test(tag));
  if (bad !== undefined) throw invalidArgument(`traffic: '${bad}' is not a tag`);
  const long = tags.find((tag) => tag.length + service.length > maxTagAndService);
  if (long !== undefined) throw invalidArgument(tagTooLongText(long, service));
}
