/**
 * What a mechanical change of the repository mends:
 *
 * - `line-ends`: scripts that are stored or checked out with CRLF line ends
 * - `ignored-module`: files that the commit has, and that an ignore file keeps out of the image
 */
export const preventableKinds = ['line-ends', 'ignored-module'] as const;
export type PreventableKind = (typeof preventableKinds)[number];

/** A fault of the commit for which there is such a change. */
export interface Preventable {
  readonly kind: PreventableKind;
  /** The scripts, or the files that are kept out: paths in the repository. */
  readonly paths: readonly string[];
}
