import type { RevisionChange } from '../diagnosis/evidence.ts';
import { type RevisionSettings, shownSetting } from '../diagnosis/revision-settings.ts';
import { countOf } from '../render/count-of.ts';
import { formatSplit, sameSplit, type TrafficSplit } from '../service-state.ts';
import { type Audit, type AuditPolicy, type AuditRow, meanScore, statusOf } from './audit.ts';

/** A value that could not be read, and why. */
export interface Unread {
  readonly unread: string;
}

/** The value of one variable in another service that must have the same. */
export interface SharedElsewhere {
  /** The service's name in the config. */
  readonly service: string;
  /** `value` absent: it is not set. */
  readonly found: { readonly value?: string | undefined } | Unread;
}

/** What is set, and what is in effect. */
export interface DriftFacts {
  /** In percent; LATEST stands for the revision that it means. */
  readonly traffic:
    | { readonly declared: TrafficSplit; readonly effective: TrafficSplit; readonly reconciling: boolean }
    | Unread;
  /** The tags of the service, and whether their revisions exist. */
  readonly tags: readonly { readonly tag: string; readonly exists: boolean }[] | Unread;
  readonly settings: RevisionSettings | Unread;
  /** Compared with stable; absent: there is none to compare with. */
  readonly changes?: readonly RevisionChange[] | Unread | undefined;
  /** By the name of the variable. */
  readonly shared: ReadonlyMap<string, readonly SharedElsewhere[]>;
}

/** A list of names is told as far as this. */
const namedAtMost = 5;

/** How far a service is what its owners say that it is. The score is the share of its rows that are good. */
export function judgeDrift(facts: DriftFacts, { gate, minimum }: AuditPolicy): Audit {
  const rows = [
    trafficRow(facts.traffic),
    tagsRow(facts.tags),
    ...settingsRows(facts.settings),
    ...[...facts.shared].map(([name, others]) => sharedRow(name, facts.settings, others)),
    ...changesRow(facts.changes),
  ];
  const score = meanScore(rows);
  const status = statusOf(rows, score !== undefined && score < minimum);
  return { name: 'drift', status, score, minimum, gate, rows };
}

export function isUnread(value: object): value is Unread {
  return 'unread' in value;
}

/** A good or bad row with its part in the score. */
function rowOf(what: string, isGood: boolean, rest: Pick<AuditRow, 'value' | 'baseline' | 'note'>): AuditRow {
  return { what, state: isGood ? 'good' : 'bad', score: isGood ? 1 : 0, ...rest };
}

function unknownRow(what: string, note: string): AuditRow {
  return { what, state: 'unknown', note };
}

function trafficRow(traffic: DriftFacts['traffic']): AuditRow {
  if (isUnread(traffic)) return unknownRow('traffic', traffic.unread);
  const { declared, effective, reconciling } = traffic;
  if (reconciling) return unknownRow('traffic', 'Cloud Run is changing the service');
  return rowOf('traffic', sameSplit(declared, effective), {
    value: formatSplit(effective),
    baseline: formatSplit(declared),
  });
}

function tagsRow(tags: DriftFacts['tags']): AuditRow {
  if (isUnread(tags)) return unknownRow('tags', tags.unread);
  const stale = tags.filter(({ exists }) => !exists).map(({ tag }) => tag);
  return offendersRow('tags', countOf(tags.length, 'tag'), stale, 'of revisions that do not exist');
}

function settingsRows(settings: DriftFacts['settings']): readonly AuditRow[] {
  const [images, secrets] = ['image by digest', 'pinned secrets'];
  if (isUnread(settings)) return [images, secrets].map((what) => unknownRow(what, settings.unread));
  const all = [...settings];
  const byTag = all.filter(([field, value]) => isImage(field) && !value.includes('@sha256:'));
  const unpinned = all.filter(([field, value]) => isLatestSecret(field, value));
  const names = (found: typeof all) => found.map(([field]) => field);
  return [
    offendersRow(images, undefined, names(byTag), 'by tag'),
    offendersRow(secrets, undefined, names(unpinned), 'of version latest'),
  ];
}

function isImage(field: string): boolean {
  return field === 'image' || /^containers\..+\.image$/.test(field);
}

function isLatestSecret(field: string, value: string): boolean {
  if (/(^|\.)env\./.test(field)) return value.startsWith('secret ') && value.endsWith(':latest');
  return /^volumes\..+\.version$/.test(field) && value === 'latest';
}

function offendersRow(
  what: string,
  value: string | undefined,
  offenders: readonly string[],
  fault: string,
): AuditRow {
  const note = offenders.length > 0 ? `${namesOf(offenders)}: ${fault}` : undefined;
  return rowOf(what, offenders.length === 0, { value, note });
}

/** By value: secrets by name and version. */
function sharedRow(
  name: string,
  settings: DriftFacts['settings'],
  others: readonly SharedElsewhere[],
): AuditRow {
  const field = `env.${name}`;
  if (isUnread(settings)) return unknownRow(field, settings.unread);
  const own = settings.get(field);
  const shown = shownSetting(field, own) ?? 'not set';
  const differing = others.flatMap(({ service, found }) =>
    isUnread(found) || found.value === own
      ? []
      : [`${service} has ${shownSetting(field, found.value) ?? 'none'}`],
  );
  if (differing.length > 0) return rowOf(field, false, { value: shown, note: namesOf(differing) });
  const unread = others.flatMap(({ service, found }) =>
    isUnread(found) ? [`${service}: ${found.unread}`] : [],
  );
  if (unread.length > 0) return { ...unknownRow(field, namesOf(unread)), value: shown };
  if (others.length === 0)
    return { ...unknownRow(field, 'no other service of the config lists it'), value: shown };
  return rowOf(field, true, { value: shown, baseline: `${countOf(others.length, 'other service')}` });
}

/** A deploy is a change: it is told, and no drift. */
function changesRow(changes: DriftFacts['changes']): readonly AuditRow[] {
  if (changes === undefined) return [];
  const what = 'changes since stable';
  if (isUnread(changes)) return [{ what, state: 'told', note: changes.unread }];
  const note = changes.length > 0 ? namesOf(changes.map(({ field }) => field)) : undefined;
  return [{ what, state: 'told', value: String(changes.length), note }];
}

function namesOf(names: readonly string[]): string {
  const more = names.length - namedAtMost;
  return `${names.slice(0, namedAtMost).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
