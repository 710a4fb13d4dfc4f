import type { RevisionName } from '../ids.ts';

/** One cause of a failure, as a check run lists it. */
export interface FoundCause {
  readonly text: string;
  /** The revision that failed for it first, before this one; absent: it is new. */
  readonly since?: RevisionName | undefined;
  /** Where in the repository; absent: not known. */
  readonly place?: { readonly path: string; readonly line: number } | undefined;
}
