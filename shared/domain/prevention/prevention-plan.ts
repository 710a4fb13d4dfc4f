/** What was read of the commit on which the change is put. */
export interface BaseFiles {
  readonly files: readonly { readonly path: string; readonly isExecutable: boolean }[];
  /** Texts by their paths; undefined: asked for, and not a text that can be read. */
  readonly texts: ReadonlyMap<string, string | undefined>;
}

/** A file as it is to be. */
export interface PlannedFile {
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

/** A change of the repository, and how it is explained. */
export interface PreventionPlan {
  /** 1 to 5. */
  readonly files: readonly PlannedFile[];
  readonly changes: readonly { readonly path: string; readonly what: string }[];
  readonly why: string;
  /** Commands. */
  readonly test: readonly string[];
  readonly risk: string;
  /** True: with it nothing of the cause is left. */
  readonly endsCause: boolean;
}

/** More is not mechanical any more. */
export const maxFiles = 5;

/** Such a path needs no quotation marks in a pattern or a command, and is no option. */
export function isPlainPath(path: string): boolean {
  return /^[\w@+.][\w@+./-]*$/.test(path);
}

/** The lines of a text with one more, in the text's own line ends. @param after the number of the line before it */
export function withLine(text: string, after: number, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
  return `${lines.toSpliced(after, 0, line).join(end)}${end}`;
}
