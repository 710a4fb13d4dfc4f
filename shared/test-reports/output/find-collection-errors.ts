import { collectionError } from '../../domain/checks/collection-error.ts';

/** Why a runner could not load some of the tests. */
export interface CollectionError {
  /** In a line: `collection-error: ModuleNotFoundError in src/cart.py:2: No module named 'x'`. */
  readonly text: string;
  /** What the runner printed about it. */
  readonly about: string;
}

/** Where runners begin to say so; a group is the file that could not be loaded. */
const begins = new RegExp(
  [
    String.raw`^_+ ERROR collecting (\S+)`,
    String.raw`\bImportError while (?:importing test module|loading conftest) '([^'\n]+)'`,
    String.raw`^ImportError: Failed to import test module: (\S+)`,
    '^collection failure$',
    String.raw`^[ \t]*(?:● )?Test suite failed to run$`,
    String.raw`^ERROR (\S+\.py)(?= - |$)`,
    String.raw`^ERROR: (?:(?:file or directory )?not found:|found no collectors for) (\S+)`,
    String.raw`^(?:Error: )?No (?:tests?|test files) found\b.*`,
    String.raw`\bNo test suite found in file (\S+)`,
    String.raw`^Error(?: \[\w+\])?: Cannot find (?:module|package) '[^'\n]*'\n(?:Require stack:\n- (\S+))?`,
    String.raw`\bFailed to load url \S+ .{0,200}? in (\S+?)\. Does the file exist`,
    String.raw`^FAIL\s+(\S+) \[(?:build|setup) failed\]$`,
  ].join('|'),
  'gm',
);
/** A test that failed says this first only if it is none, but a file that could not be loaded. */
const noTest =
  /^\s*(?:(?:● )?Test suite failed to run|collection failure|ImportError while importing test module|ImportError: Failed to import test module)\b/;

/** An error's name, and its message. */
const fault = new RegExp(
  [
    String.raw`^(?:E[ \t]+)?[ \t]*((?:[A-Za-z_][\w.]*)?(?:Error|Exception))(?: \[\w+\])?(?::[ \t]*(.*))?$`,
    String.raw`^[ \t]*(Cannot find module) (.+)$`,
    String.raw`\b(error TS\d+): (.+)$`,
    String.raw`\b(Failed to load url) (\S+)`,
    String.raw`^\S+\.go:\d+:\d+: (undefined|cannot find package|no required module)\b:?[ \t]*(.*)$`,
  ].join('|'),
  'm',
);
/** Places in the code: of Python's the last is the deepest, elsewhere the first. */
const lastPlaces = /^(?:E[ \t]+|[ \t]+)?(?:File "([^"\n]+)", line (\d+)|(\S+\.py):(\d+): in )/gm;
const firstPlaces =
  /^[ \t]*at .{0,200}?\(?((?:file:\/\/)?[\w@./-]+\.[cm]?[jt]sx?):(\d+):\d+\)?$|^[ \t]*(\S+\.[cm]?tsx?|\S+\.json):(\d+):\d+ - error|^(\S+\.go):(\d+):\d+: |^[ \t]*SyntaxError: (\S+?): .*\((\d+):\d+\)$/gm;
const foreign = /site-packages|dist-packages|\/lib\/python|node_modules|<frozen|^node:/;

const maxErrors = 20;
const maxLength = 20_000;
const maxMessage = 300;

/** Why tests could not be loaded, as their runner printed it; empty: that was not the fault. */
export function findCollectionErrors(output: string): readonly CollectionError[] {
  const starts = [...output.matchAll(begins)];
  const found = starts.map((start, n) => {
    const about = output.slice(start.index, starts[n + 1]?.index).slice(0, maxLength);
    // Below its headline, where there is more.
    const below = about.slice(start[0].length);
    return { about, start, fault: fault.exec(below) ?? fault.exec(about) };
  });
  // Headlines and summaries name a file again, without its error.
  const named = found.filter((one) => one.fault !== null);
  const all = (named.length > 0 ? named : found).map(({ about, start, fault: named }) => ({
    text: textOf(about, start, named),
    about,
  }));
  return all.filter(({ text }, n) => all.findIndex((other) => other.text === text) === n).slice(0, maxErrors);
}

/** True: what a report calls a failed test is a file that could not be loaded. */
export function isNoTest(message: string): boolean {
  return noTest.test(message);
}

function textOf(about: string, start: RegExpExecArray, named: RegExpExecArray | null): string {
  const [name, message] = named ? groupsOf(named) : [start[0].trim().split('\n', 1)[0]];
  const place = named && (placeIn(about) ?? groupsOf(start)[0]);
  const what = message ? `: ${message.trim().slice(0, maxMessage)}` : '';
  return `${collectionError}${name}${place ? ` in ${place}` : ''}${what}`;
}

function placeIn(about: string): string | undefined {
  const own = (pattern: RegExp) =>
    [...about.matchAll(pattern)].map(groupsOf).filter(([file = '']) => !foreign.test(file));
  const place = own(lastPlaces).at(-1) ?? own(firstPlaces)[0];
  return place?.join(':');
}

function groupsOf(match: RegExpExecArray): string[] {
  return match.slice(1).filter((group) => group !== undefined);
}
