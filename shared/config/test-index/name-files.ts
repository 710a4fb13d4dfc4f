/** A path that ends like the name of a test file, and ends there: `.json` is not `.js`. */
const extension = String.raw`\.(?:py|[cm]?[jt]sx?|go|rb|java|kt|cs|php|rs|feature)(?![\w*-]|\.\w)`;
const fileAtStart = new RegExp(String.raw`^(?:\./)?((?:[\w.@-]+/)*[\w.-]+${extension}(?:::[\w:[\]-]+)?)`);
const patternAtStart = /^(?:\.\/)?((?=[^\s]*[*?{])[\w./@*?{}[\],-]*[\w*})\]])(?=[\s),;:]|$)/;
const between = /^\s*(?:,|;|&|\+|<br\s*\/?>|\band\b)\s*/i;

/** Tests by their name, whatever else it contains. */
const testName =
  /^test[_-]|^Test[A-Z]|[._-](?:test|tests|spec|cy|e2e)\.\w+$|(?:Test|Tests|Spec|IT)\.\w+$|\.feature$/;
/** Files that accompany tests and contain none. */
const helperName =
  /(?:^|[._-])(?:conftest|__init__|config|fixtures?|helpers?|utils?|setup|teardown|runner)(?:[._-]|$)/i;

export interface NamedFiles {
  readonly files: readonly string[];
  /** Paths with `*` and the like, which do not name a single file. */
  readonly patterns: readonly string[];
  /** What stands behind them. */
  readonly rest: string;
}

/** The test files that a text begins with. Files in the middle of a sentence or command are only reported. */
export function namedFiles(text: string): NamedFiles {
  const files: string[] = [];
  const patterns: string[] = [];
  let rest = text.trim();
  for (;;) {
    const file = fileAtStart.exec(rest);
    const found = file ?? patternAtStart.exec(rest);
    const [whole, path] = found ?? [];
    if (whole === undefined || path === undefined) break;
    if (!file) patterns.push(path);
    else if (isTestFile(path)) files.push(path);
    rest = rest.slice(whole.length);
    const next = between.exec(rest)?.[0];
    if (next === undefined) break;
    const after = rest.slice(next.length);
    if (!fileAtStart.test(after) && !patternAtStart.test(after)) break;
    rest = after;
  }
  return { files, patterns, rest };
}

/** Patterns anywhere in a text, such as that of a heading. */
export function patternsIn(text: string): readonly string[] {
  return text.split(/[\s()`]+/).flatMap((word) => {
    const pattern = word.includes('/') || /\.\w+$/.test(word) ? patternAtStart.exec(word)?.[1] : undefined;
    return pattern === undefined || !/\w/.test(pattern) ? [] : [pattern];
  });
}

function isTestFile(path: string): boolean {
  const name = path.replace(/::.*$/, '').split('/').at(-1) ?? path;
  return testName.test(name) || !helperName.test(name.replace(/\.\w+$/, ''));
}
