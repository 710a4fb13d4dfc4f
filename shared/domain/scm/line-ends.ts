/** How the lines of a file end. */
export interface LineEnds {
  readonly lines: number;
  readonly crlf: number;
  /** The first line decides whether the kernel finds the interpreter of a script. */
  readonly firstIsCrlf: boolean;
}

export function lineEndsOf(text: string): LineEnds {
  const lines = text.split('\n');
  const ended = lines.slice(0, -1);
  return {
    lines: lines.at(-1) === '' ? ended.length : lines.length,
    crlf: ended.filter((line) => line.endsWith('\r')).length,
    firstIsCrlf: ended[0]?.endsWith('\r') === true,
  };
}
