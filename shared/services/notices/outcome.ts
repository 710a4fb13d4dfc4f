import type { Told } from '../../domain/notices/notice.ts';

/** How far a notice is told. */
export type Delivered =
  /** Nothing more can happen that it would tell. */
  | { readonly kind: 'done' }
  /** More may happen: facts ask anew, and the sweep at the latest then. */
  | { readonly kind: 'open'; readonly at: Date };

/** What a worker has of the notice that it delivers. */
export interface Telling {
  readonly told: Told;
  /** Stores what the other side shows now, before anything else is done. */
  tell(told: Told): Promise<void>;
}
