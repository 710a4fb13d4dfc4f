import type { RevisionName } from './ids.ts';

/** What Cloud Run says about a revision. Ready means only that a port was bound. */
export type Readiness =
  | { readonly kind: 'pending' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export interface Revision {
  readonly name: RevisionName;
  /** Set by Cloud Run; together with the name it is the only order of revisions that we trust. */
  readonly createTime: Date;
  readonly readiness: Readiness;
  readonly labels: Readonly<Record<string, string>>;
  /** When it became ready, by Cloud Run's clock: LATEST moves to it then. */
  readonly readyAt?: Date | undefined;
  /** Its minimum number of instances: with a tag, such a revision costs money even without traffic. */
  readonly minInstances: number;
  readonly creator: string | undefined;
}

/** Put this label on a revision that changes a schema: nothing older may get its traffic. */
export const migrationLabel = 'deploy-loop-migration';

export function isMigration(labels: Readonly<Record<string, string>>): boolean {
  const value = labels[migrationLabel];
  return value !== undefined && value !== 'false' && value !== 'no';
}

/** Cloud Build's label of the commit that a revision was built from. */
export const commitLabel = 'commit-sha';

/** The position of a revision in the order of deploys. */
export interface RevisionOrder {
  readonly revision: RevisionName;
  readonly createTime: Date;
}

export function orderOf(revision: Pick<Revision, 'name' | 'createTime'>): RevisionOrder {
  return { revision: revision.name, createTime: revision.createTime };
}

/** Negative when `a` is the older. Creation time, then name; never arrival order, never `generation`. */
export function compareRevisions(a: RevisionOrder, b: RevisionOrder): number {
  const byTime = a.createTime.getTime() - b.createTime.getTime();
  if (byTime !== 0) return byTime;
  return a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0;
}
