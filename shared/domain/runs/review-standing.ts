import type { RevisionName } from '../ids.ts';
import { markMovedAway } from '../records/good-revisions.ts';
import type { Alarm, ServiceRecord } from '../records/service-record.ts';
import type { Revision } from '../revision.ts';
import { percentsChanged, type ServiceState, shareIn } from '../service-state.ts';

/** How the record of a service differs from what the service is. */
export interface Standing {
  /** True: somebody else has moved the pinned traffic, and the pin is no longer ours. */
  readonly lost: boolean;
  /** True: another alarm than before, or none any more. */
  readonly isNews: boolean;
  /** What to write; undefined: nothing has changed. */
  readonly changes:
    | Partial<{ readonly [K in keyof ServiceRecord]: ServiceRecord[K] | undefined }>
    | undefined;
}

/** @param found the alarm that holds now */
export function reviewStanding(
  { pin, alarm, lastGood }: Pick<ServiceRecord, 'pin' | 'alarm' | 'lastGood'>,
  state: ServiceState,
  found: Alarm | undefined,
): Standing {
  const marked = markMovedAway(lastGood, state);
  const sameGood = marked.every((good, n) => good.movedAway === lastGood[n]?.movedAway);
  const lost = pin !== undefined && percentsChanged(pin.after, state);
  const same = found?.revision === alarm?.revision && found?.code === alarm?.code;
  if (!lost && same && sameGood) return { lost, isNews: false, changes: undefined };
  const changes = {
    lastGood: marked,
    ...(lost ? { pin: undefined } : {}),
    ...(same ? {} : { alarm: found }),
  };
  return { lost, isNews: !same, changes };
}

/** The newest revision, if users get none of it. */
export function withoutUsers(state: ServiceState): RevisionName | undefined {
  const name = state.latestCreatedRevision;
  return name === undefined || shareIn(state, name) > 0 ? undefined : name;
}

/** The message of a deploy may take this long to arrive. */
const unvalidatedAfterMs = 10 * 60_000;

/** A ready revision that gets no traffic, and for which no run was ever opened, is a human's to look at. */
export function unvalidatedAlarm(revision: Revision, at: Date): Alarm | undefined {
  const { name, readiness, createTime } = revision;
  if (readiness.kind !== 'ready') return undefined;
  if (at.getTime() - createTime.getTime() < unvalidatedAfterMs) return undefined;
  const text = `${name} is ready, but has no traffic and no validation: validate it with deploy-loop guard, or delete it`;
  return { code: 'unvalidated-revision', text, revision: name, at };
}
