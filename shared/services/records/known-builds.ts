import type { KnownBuild } from '../../contracts/expectations/build-variables.ts';
import { CorruptRecordError } from '../../domain/errors.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import { compareRevisions } from '../../domain/revision.ts';
import type { Store } from '../../ports/store.ts';
import { lastRunOf, loadAttempt } from './last-run.ts';

/** A build asks for the first attempt that does more than observe. */
const earlyAttempts = [1, 2, 3];

/** The builds that revisions came from, by the records of their runs. Each revision is looked up once. */
export class KnownBuilds {
  readonly #ref: ServiceRef;
  readonly #store: Store;
  readonly #found = new Map<RevisionName, Promise<KnownBuild | undefined>>();

  constructor(ref: ServiceRef, store: Store) {
    this.#ref = ref;
    this.#store = store;
  }

  /** @returns undefined: no run of the revision, as it is now, was about a build */
  of(revision: RevisionName): Promise<KnownBuild | undefined> {
    const known = this.#found.get(revision) ?? this.#find(revision).catch(unknownIfCorrupt);
    this.#found.set(revision, known);
    known.catch(() => this.#found.delete(revision));
    return known;
  }

  async #find(revision: RevisionName): Promise<KnownBuild | undefined> {
    const last = (await lastRunOf(this.#store, this.#ref, revision))?.data;
    if (!last || last.build) return last?.build;
    for (const attempt of earlyAttempts) {
      const run = (await loadAttempt(this.#store, this.#ref, revision, attempt))?.data;
      // One that was made anew under its name is another revision, of another build.
      if (run?.build && compareRevisions(run.candidate, last.candidate) === 0) return run.build;
    }
    return undefined;
  }
}

/** A record that nobody can read tells of no build, and stops no judgement of what needs none. */
function unknownIfCorrupt(error: unknown): undefined {
  if (!(error instanceof CorruptRecordError)) throw error;
}
