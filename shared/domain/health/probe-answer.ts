/** The response to one probe, before it is judged. */
export type ProbeAnswer =
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Lower-case names; repeated ones joined with a comma. */
      readonly headers: Readonly<Record<string, string>>;
      /** Decoded text, at most 1 MiB. */
      readonly body: string;
      /** True: the body went on past the cap and was not read. */
      readonly truncated: boolean;
      readonly latencyMs: number;
      /** True if an ID token was sent. */
      readonly authenticated: boolean;
    }
  | {
      readonly kind: 'no-answer';
      readonly cause: 'refused' | 'timeout' | 'name-resolution' | 'tls' | 'blocked' | 'no-token';
      readonly latencyMs: number;
      readonly detail: string;
    };
