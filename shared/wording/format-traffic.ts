import type { RevisionName } from '../domain/ids.ts';
import type { ServiceState, TrafficTarget } from '../domain/service-state.ts';
import { servingSplit, specSplit } from '../domain/service-state.ts';
import { formatTable } from './format-table.ts';

/** The current split of the traffic, and the split under another spec. */
export function formatTraffic(state: ServiceState, after: readonly TrafficTarget[]): string {
  const latest = state.latestReadyRevision;
  const now = servingSplit(state);
  const next = specSplit(after, latest);
  const tagged = after.flatMap((target) => (target.tag === undefined ? [] : [nameOf(target, latest)]));
  const names = [...new Set([...Object.keys(now), ...Object.keys(next), ...tagged])];
  const rows = names.map((name) => [
    name,
    percent(now[name]),
    percent(next[name]),
    tagsOf(name, after, latest),
    follows(name, after, latest) ? 'follows LATEST' : '',
  ]);
  return formatTable(['REVISION', 'NOW', 'AFTER', 'TAGS', ''], rows);
}

function percent(share = 0): string {
  return `${share} %`;
}

function nameOf({ revision }: TrafficTarget, latest: RevisionName | undefined): string {
  return revision ?? latest ?? 'LATEST';
}

function tagsOf(name: string, after: readonly TrafficTarget[], latest: RevisionName | undefined): string {
  return after.flatMap((target) => (nameOf(target, latest) === name ? (target.tag ?? []) : [])).join(', ');
}

function follows(name: string, after: readonly TrafficTarget[], latest: RevisionName | undefined): boolean {
  return after.some(
    (target) => target.revision === undefined && target.percent > 0 && nameOf(target, latest) === name,
  );
}
