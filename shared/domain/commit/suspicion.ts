import type { Category } from '../diagnosis/categories.ts';
import type { Diagnosis } from '../diagnosis/diagnose-incident.ts';
import type { Incident } from '../diagnosis/evidence.ts';
import { type Line, linesOf } from '../diagnosis/lines-of.ts';
import { frameIn } from '../diagnosis/own-frame.ts';
import { placeQuestion } from '../diagnosis/whys-of.ts';

/** What messages name, of which the commit may tell more. `place`: of the line among all lines. */
export type Suspicion = { readonly place: number } & (
  | {
      readonly kind: 'script';
      /** In the container; undefined: not named. */
      readonly path: string | undefined;
      /** The message itself shows the carriage return. */
      readonly isProven: boolean;
    }
  | {
      readonly kind: 'module';
      /** As the interpreter names it. */
      readonly name: string;
      /** The file of a Node module that asks for it, in the container. */
      readonly askedBy: string | undefined;
    }
  | {
      readonly kind: 'code';
      /** In the container. */
      readonly path: string;
      readonly line: number;
      /** The line of code that a syntax error shows. */
      readonly printed: string | undefined;
    }
);

/** Of these the commit may tell the origin. */
const refinable: readonly Category[] = [
  'container-startup-failure/syntax-error',
  'container-startup-failure/missing-module',
  'container-startup-failure/runtime-exception',
  'container-startup-failure/entrypoint',
  'line-ending-corruption',
  'missing-env-or-secret',
  'app-logic-regression',
  'websocket-internal-error(1011)',
  'version-mismatch',
  'fix-not-deployed',
];

/** True: a look at the commit may tell more than the messages. */
export function isRefinable({ category }: Pick<Diagnosis, 'category'>): boolean {
  return refinable.includes(category);
}

/** What to look for in the commit, as a first diagnosis and its lines name it. */
export function suspicionsOf({ evidence }: Incident, diagnosis: Diagnosis): readonly Suspicion[] {
  const lines = evidence.flatMap(linesOf);
  switch (diagnosis.category) {
    case 'line-ending-corruption':
      return [scriptIn(lines)];
    case 'container-startup-failure/entrypoint':
      return lines.some((line) => scriptNamedIn(line) !== undefined) ? [scriptIn(lines)] : [];
    case 'container-startup-failure/missing-module':
      return [...moduleIn(lines), ...codeIn(lines, diagnosis)];
    default:
      return codeIn(lines, diagnosis);
  }
}

const carriageReturn = /\^M|\\r/;
const scriptPatterns: readonly RegExp[] = [
  /exec:? ["']?((?:\.?\/)?[\w.-][\w./-]{0,200})["']?(?::| failed:)[^:]{0,60}:? ?(?:no such file|not found)/i,
  /\bsh: (?:\d+: )?((?:\.?\/)?[\w.-][\w./-]{0,200}): (?:not found|\/\S+?(?:\^M|\\r): bad interpreter)/i,
  /((?:\.?\/)[\w./-]{1,200}): (?:\/\S+?(?:\^M|\\r): bad interpreter|line \d+: .{0,5}\\r)/i,
];

function scriptIn(lines: readonly Line[]): Suspicion {
  const named = lines.findLastIndex((line) => scriptNamedIn(line) !== undefined);
  const shown = lines.findLastIndex(({ text }) => carriageReturn.test(text));
  const line = lines[named];
  return {
    kind: 'script',
    path: line && scriptNamedIn(line),
    isProven: shown >= 0,
    place: Math.max(0, named, shown),
  };
}

function scriptNamedIn({ text }: Line): string | undefined {
  return scriptPatterns.map((pattern) => pattern.exec(text)?.[1]).find((path) => path !== undefined);
}

/** The last line counts: in a log it is the nearest to the end of the process. */
function moduleIn(lines: readonly Line[]): readonly Suspicion[] {
  for (const [place, line] of [...lines.entries()].reverse()) {
    const found = moduleAt(line, place, lines);
    if (found) return [found];
  }
  return [];
}

function moduleAt(line: Line, place: number, lines: readonly Line[]): Suspicion | undefined {
  const python = /No module named '?([A-Za-z_][\w.]{0,200})/.exec(line.text)?.[1];
  if (python !== undefined) return { kind: 'module', name: python, askedBy: undefined, place };
  const [, name, importer] =
    /Cannot find (?:module|package) ['"]([^'"\s]{1,300})['"](?: imported from (\S{1,300}))?/.exec(
      line.text,
    ) ?? [];
  if (name === undefined) return undefined;
  const stack = lines.slice(place + 1, place + 3).map(({ text }) => /^- (\/\S{1,300})$/.exec(text)?.[1]);
  return { kind: 'module', name, askedBy: importer ?? stack.find((one) => one !== undefined), place };
}

/** The own frame that the diagnosis names. */
function codeIn(lines: readonly Line[], { category, whys }: Diagnosis): readonly Suspicion[] {
  const at = whys.find(({ question }) => question === placeQuestion)?.answer;
  const [, path, line] = /^(.+), line (\d+)$/.exec(at ?? '') ?? [];
  if (path === undefined) return [];
  const place = Math.max(
    0,
    lines.findLastIndex(({ text }) => frameIn(text) === at),
  );
  const shown = category === 'container-startup-failure/syntax-error' ? lines[place + 1]?.text : undefined;
  const printed = shown !== undefined && /\w/.test(shown) ? shown : undefined;
  return [{ kind: 'code', path, line: Number(line), printed, place }];
}
