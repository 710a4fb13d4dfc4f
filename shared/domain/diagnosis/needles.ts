/** Shorter ones are in too many lines. */
const leastLength = 3;

type Needles = readonly string[] | undefined;

/**
 * Texts in small letters of which a line holds at least one wherever the pattern matches; undefined: none is known.
 * It reads the syntax that rules use: groups, alternatives, classes, quantifiers, and no lookbehind.
 */
export function needlesOf(pattern: string): Needles {
  const reader = { pattern: pattern.toLowerCase(), raw: pattern, at: 0 };
  return ofAlternatives(reader);
}

interface Reader {
  readonly pattern: string;
  readonly raw: string;
  at: number;
}

function ofAlternatives(reader: Reader): Needles {
  const branches: Needles[] = [];
  do branches.push(ofSequence(reader));
  while (take(reader, '|'));
  const all = branches.flatMap((branch) => branch ?? []);
  return branches.includes(undefined) ? undefined : [...new Set(all)];
}

/** The best of its parts: each must be there, so the longest is asked for. */
function ofSequence(reader: Reader): Needles {
  let best: Needles;
  let run = '';
  const offer = (needles: Needles) => {
    if (needles && shortest(needles) >= Math.max(leastLength, shortest(best ?? []) + 1)) best = needles;
  };
  const endRun = () => {
    offer([run]);
    run = '';
  };
  while (reader.at < reader.pattern.length && !/[|)]/.test(reader.pattern[reader.at] ?? '')) {
    const part = readPart(reader);
    const { isOptional, repeats } = readQuantifier(reader);
    if (typeof part === 'string' && !isOptional) run += part;
    if (typeof part !== 'string' || isOptional || repeats) endRun();
    if (typeof part !== 'string' && !isOptional) offer(part);
  }
  endRun();
  return best;
}

function shortest(needles: readonly string[]): number {
  return needles.length === 0 ? 0 : Math.min(...needles.map(({ length }) => length));
}

/** A letter, or the needles of a group; undefined for what may be many letters or none. */
function readPart(reader: Reader): string | Needles {
  if (take(reader, '(')) {
    const isAhead = take(reader, '?=') || take(reader, '?!');
    if (!isAhead) take(reader, '?:');
    const inside = ofAlternatives(reader);
    take(reader, ')');
    return isAhead ? undefined : inside;
  }
  if (take(reader, '[')) {
    reader.at += /^\^?\]?(?:\\.|[^\]\\])*\]/.exec(reader.pattern.slice(reader.at))?.[0].length ?? 1;
    return undefined;
  }
  const letter = reader.pattern[reader.at] ?? '';
  reader.at += 1;
  if (letter !== '\\') return /[.^$]/.test(letter) ? undefined : letter;
  const escaped = reader.raw[reader.at] ?? '';
  reader.at += 1;
  if (escaped === 'x') {
    const code = Number.parseInt(reader.pattern.slice(reader.at, reader.at + 2), 16);
    reader.at += 2;
    return String.fromCharCode(code).toLowerCase();
  }
  return /\w/.test(escaped) ? undefined : escaped;
}

function readQuantifier(reader: Reader): { readonly isOptional: boolean; readonly repeats: boolean } {
  const [quantifier = ''] = /^(?:[*+?]|\{\d*,?\d*\})\??/.exec(reader.pattern.slice(reader.at)) ?? [];
  reader.at += quantifier.length;
  return { isOptional: /^(?:[*?]|\{0?,)/.test(quantifier), repeats: quantifier !== '' };
}

function take(reader: Reader, text: string): boolean {
  if (!reader.pattern.startsWith(text, reader.at)) return false;
  reader.at += text.length;
  return true;
}
