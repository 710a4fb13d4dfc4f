import type { Sign } from './find-signs.ts';

/** A sign that something else proves wrong. */
export interface Refuted {
  readonly sign: Sign;
  readonly why: string;
}

interface Contradiction {
  /** The rules whose signs are refuted. */
  readonly claims: readonly string[];
  /** If one of these is there. */
  readonly by: readonly string[];
  /** Unless one of these is there too. */
  readonly unless?: readonly string[];
  readonly why: string;
}

/** What is often blamed, and what shows that it cannot be. */
const contradictions: readonly Contradiction[] = [
  {
    claims: ['killed', 'signal-9'],
    by: ['worker-timeout'],
    unless: ['memory-limit', 'too-much-memory', 'runtime-memory'],
    why: 'the server killed its worker because of the time-out; it only guesses at the memory',
  },
  {
    claims: ['line-ends-claimed', 'script-not-found'],
    by: ['python-syntax', 'python-module', 'python-import', 'node-module'],
    why: 'the interpreter ran and read the code; Python and Node accept Windows line ends',
  },
  {
    claims: ['script-not-found', 'line-ends-claimed'],
    by: ['lf-in-commit', 'script-ignored'],
    why: 'the commit stores the script with LF line ends',
  },
  {
    claims: ['stop-signal'],
    by: ['not-listening', 'probe-deadline', 'container-exit', 'memory-limit', 'crash-loop'],
    why: 'the signal ended a process that had failed already',
  },
  {
    claims: ['build-failed'],
    by: ['not-listening', 'probe-deadline', 'container-exit'],
    why: 'the image was built, for Cloud Run started it; a step after it failed',
  },
  {
    claims: ['too-fast'],
    by: ['collection'],
    why: 'the tests were never loaded, so they took no time',
  },
];

/** The signs without those that others refute, or say more exactly. */
export function weedOut(all: readonly Sign[]): {
  readonly signs: readonly Sign[];
  readonly refuted: readonly Refuted[];
} {
  const signs = withoutVague(all);
  const names = new Set(signs.map(({ rule }) => rule.name));
  const whyNot = (name: string) =>
    contradictions.find(
      ({ claims, by, unless = [] }) =>
        claims.includes(name) &&
        by.some((other) => names.has(other)) &&
        !unless.some((other) => names.has(other)),
    )?.why;
  const refuted = new Map<string, Refuted>();
  const kept = signs.filter((sign) => {
    const why = whyNot(sign.rule.name);
    if (why !== undefined) refuted.set(sign.rule.name, { sign, why });
    return why === undefined;
  });
  return { signs: kept, refuted: [...refuted.values()] };
}

/** A vague sign counts where its line tells nothing more exactly; of several the weightiest. */
function withoutVague(signs: readonly Sign[]): readonly Sign[] {
  const byLine = Map.groupBy(signs, ({ line }) => line);
  return signs.filter((sign) => {
    if (sign.rule.isVague !== true) return true;
    const others = byLine.get(sign.line) ?? [];
    const best = others.find(({ rule }) => rule.isVague !== true) ?? heaviest(others);
    return best === sign;
  });
}

function heaviest(signs: readonly Sign[]): Sign | undefined {
  return signs.toSorted((a, b) => b.weight - a.weight)[0];
}
