import { RE2JS, RE2Set } from 're2js';
import type { EvidenceSource } from './evidence.ts';
import type { Line } from './lines-of.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules/index.ts';

/** A message that was recognized. */
export interface Sign {
  readonly rule: Rule;
  readonly line: Line;
  /** The rule's sentence, filled in. */
  readonly says: string;
  /** The rule's weight, less what the line itself says against it. */
  readonly weight: number;
  /** Its place among all lines. */
  readonly place: number;
}

let compiled: RE2Set | undefined;

/**
 * All rules in one automaton, so that a line is read once however many rules there are. Without the limits of repetitions,
 * which would take a state for each count: it finds all lines of a rule and some more, and the rule itself decides.
 * Compiled on first use, like each rule: most processes never diagnose, and it would cost them part of a second at the start.
 */
function automaton(): RE2Set {
  if (compiled) return compiled;
  const set = new RE2Set();
  for (const { pattern } of rules) set.add(withoutLimits(pattern));
  set.compile();
  compiled = set;
  return set;
}

const patterns = new Map<number, RE2JS>();

function patternOf(n: number, { pattern }: Rule): RE2JS {
  const known = patterns.get(n) ?? RE2JS.compile(pattern);
  patterns.set(n, known);
  return known;
}

const maxShown = 240;
/** A line that speaks of what was tried next, or of what is optional, names no cause of a failure. */
const softened =
  /\b(?:falling back|fallback|retry(?:ing)?|will retry|optional|non-critical|continuing|ignor(?:ed|ing)|skipp(?:ed|ing)|deprecat\w+|recovered)\b/i;

/** As many signs of a rule prove no more than these. */
const maxOfRule = 6;
/** How many lines from each end are asked for them. */
const maxTries = 20;

/** The signs in all lines, in their order; of each rule the first and the last ones. */
export function findSigns(lines: readonly Line[]): readonly Sign[] {
  const set = automaton();
  const places = new Map<number, number[]>();
  for (const [place, { text }] of lines.entries()) {
    const matched = set.match(text);
    if (matched.some((n) => rules[n]?.layer === 'noise')) continue;
    for (const n of matched) {
      const of = places.get(n);
      if (of) of.push(place);
      else places.set(n, [place]);
    }
  }
  return [...places].flatMap(([n, all]) => signsOf(n, all, lines)).sort((a, b) => a.place - b.place);
}

/** The first and the last signs of a rule among the lines that may hold one. */
function signsOf(n: number, places: readonly number[], lines: readonly Line[]): readonly Sign[] {
  const take = (from: readonly number[]) =>
    from
      .slice(0, maxTries)
      .flatMap((place) => signOf(n, lines[place], place) ?? [])
      .slice(0, maxOfRule / 2);
  const found = [...take(places), ...take(places.toReversed())];
  return found.filter(({ place }, m) => found.findIndex((other) => other.place === place) === m);
}

function withoutLimits(pattern: string): string {
  return pattern.replace(/\{0,\d*\}/g, '*').replace(/\{[\d,]+\}/g, '+');
}

function signOf(n: number, line: Line | undefined, place: number): Sign | undefined {
  const rule = rules[n];
  if (!line || !rule || !isHeard(rule, line.evidence.source)) return undefined;
  const matcher = patternOf(n, rule).matcher(line.text);
  if (!matcher.find()) return undefined;
  const groups = [...Array(matcher.groupCount() + 1).keys()].map((group) => matcher.group(group) ?? '');
  if (noNames.has(groups[1] ?? '')) return undefined;
  const says = rule.says.replace(/\$(\d)/g, (_, group: string) => shown(groups[Number(group)] ?? ''));
  return { rule, line, says: says.trim(), weight: rule.weight - doubtOf(line), place };
}

/** What a first group may hold and is neither a setting nor a fault of the code. */
const noNames = new Set([
  'AssertionError',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'NOT_FOUND',
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'ALREADY_EXISTS',
  'DEADLINE_EXCEEDED',
  'OUT_OF_RANGE',
  'DATA_LOSS',
  'MODULE_NOT_FOUND',
  'ERR_MODULE_NOT_FOUND',
  'CERTIFICATE_VERIFY_FAILED',
]);

/** Our own words are heard by the rules alone that ask for them. */
function isHeard({ from }: Rule, source: EvidenceSource): boolean {
  return from ? from.includes(source) : source !== 'verdict';
}

function shown(text: string): string {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return trimmed.length <= maxShown ? trimmed : `${trimmed.slice(0, maxShown)}…`;
}

function doubtOf({ text, evidence: { severity, source } }: Line): number {
  const bySeverity = severity === 'DEBUG' || severity === 'INFO' || severity === 'NOTICE' ? 12 : 0;
  const bySource = source === 'report' || source === 'symptom' ? 6 : 0;
  return bySeverity + bySource + (softened.test(text) ? 12 : 0);
}
