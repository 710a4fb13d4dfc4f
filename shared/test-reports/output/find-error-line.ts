/** A line that says what went wrong, as runners and runtimes print it; its first group is what to show. */
const shapes: readonly RegExp[] = [
  // pytest: the lines of an assertion and of an import error.
  /^E\s{2,}(\S.*)$/,
  // Node, Python, Java, .NET: `TypeError: x is not a function`, `Error [ERR_X]: y`, `a.b.CustomException: z`.
  /^\s*((?:Uncaught |Caused by: |Exception in thread "[^"]*" )?(?:[\w$]+[.:]{1,2})*[\w$]*(?:Error|Exception|Failure|Timeout|Interrupt|Exit)(?: \[\w+\])?(?:: .+|$))/,
  // jest and vitest: an assertion without the name of an error.
  /^\s*(expect\(.+\)\.[\w.]+\(.*\).*)$/,
  // go test: the line of a failed assertion, a panic, and a fault of the compiler.
  /^\s+(\S+_test\.go:\d+: \S.*)$/,
  /^(panic: .+)$/,
  /^(\S+\.go:\d+:\d+: \S.*)$/,
  // Rust.
  /^(thread '.*' (?:\(\d+\) )?panicked at .+)$/,
  // pytest's summary, npm, shells, make and everything that begins with the word.
  /^((?:FAILED|ERROR) \S+ - .+)$/,
  /^((?:npm (?:ERR!|error) (?!A complete log|code|errno|syscall|path)|fatal:|error:|error\[\w+\]:|ERROR:|usage error:)\s*\S.*)$/i,
  /^(\S*sh: (?:line )?\d+: .+)$/,
  /^(\S+: command not found|\S+: No such file or directory|make(?:\[\d+\])?: \*\*\* .+)$/,
];
/** A line of a Python traceback before the one that names the exception. */
const tracebackHead = /^\s*Traceback \(most recent call last\):$/;
const maxLength = 300;

/**
 * The first line of a command's output that says what went wrong; undefined: none does. The end of an output is often
 * a stack frame or a hint, which says nothing.
 */
export function findErrorLine(output: string): string | undefined {
  const lines = output.split(/\r?\n/);
  for (const [n, line] of lines.entries()) {
    if (tracebackHead.test(line)) {
      const exception = lines.slice(n + 1).find((later) => /^\S/.test(later));
      if (exception !== undefined) return exception.trim().slice(0, maxLength);
    }
    for (const shape of shapes) {
      const found = shape.exec(line)?.[1];
      if (found !== undefined) return found.trim().slice(0, maxLength);
    }
  }
  return undefined;
}
