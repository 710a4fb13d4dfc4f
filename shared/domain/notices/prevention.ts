/** A change of the repository that prevents failures like one that was seen. */
export interface Prevention {
  /** The hash of the cause that it prevents. */
  readonly fingerprint: string;
  /** The service's name in the config. */
  readonly service: string;
  /** What it does, as a commit's first line: `Store shell scripts with LF line ends`. */
  readonly title: string;
  /** Why such a change prevents it, in sentences. */
  readonly why: string;
  readonly changes: readonly { readonly path: string; readonly what: string }[];
  readonly evidence: readonly { readonly ref: string; readonly text: string }[];
  /** How to see that it works: commands. */
  readonly test: readonly string[];
  /** What may go wrong, in sentences. */
  readonly risk: string;
  /** The issue about the failure. */
  readonly issue?: { readonly number: number; readonly isSolved: boolean } | undefined;
}
