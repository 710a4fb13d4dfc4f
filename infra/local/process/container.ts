/** What a revision runs: one program with its arguments, never a shell line. */
export interface Container {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Besides PATH and what Cloud Run sets itself (PORT, K_SERVICE, K_REVISION, K_CONFIGURATION). */
  readonly env?: Readonly<Record<string, string>> | undefined;
}
