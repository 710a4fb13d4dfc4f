import { RE2JS } from 're2js';
import type { EvidenceSource } from './evidence.ts';
import { haystackFor } from './haystack.ts';
import type { Line } from './lines-of.ts';
import { needlesOf } from './needles.ts';
import { ignoringCase, type Rule } from './rule.ts';
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

const compiled: (RE2JS | undefined)[] = [];
/** Compiled when a line first asks for it: of most rules no line ever does. */
function patternOf(n: number): RE2JS {
  compiled[n] ??= RE2JS.compile(rules[n]?.pattern ?? '');
  return compiled[n];
}

/** A rule is asked about a line only if the line holds a word without which it cannot match. */
const needles = rules.map(({ pattern }) => needlesOf(pattern.replace(ignoringCase, '')));
const haystack = haystackFor(needles.flatMap((of, n) => (of ?? []).map((text) => [text, n] as const)));
const noise = rules.flatMap(({ layer }, n) => (layer === 'noise' ? [n] : []));
const askedAlways = rules.flatMap((_, n) => (needles[n] ? [] : [n]));

const maxShown = 240;
/** A line that speaks of what was tried next, or of what is optional, names no cause of a failure. */
const softened =
  /\b(?:falling back|fallback|retry(?:ing)?|will retry|optional|non-critical|continuing|ignor(?:ed|ing)|skipp(?:ed|ing)|deprecat\w+|recovered)\b/i;

/** A report that gives a reason knows more than one that tells what it saw. */
const explains =
  /\b(?:because|due to|caus(?:e[ds]?|ing)|turn(?:s|ed) out|introduced|resolved|fix(?:e[ds]|ing)?|solved|so that|therefore|which is why)\b/i;

/** As many signs of a rule prove no more than these. */
const maxOfRule = 6;
/** A rule that so many lines from each end only resemble is not asked about the lines between. */
const maxTries = 100;

/** The signs in all lines, in their order; of each rule the first and the last ones. */
export function findSigns(lines: readonly Line[]): readonly Sign[] {
  const places: number[][] = rules.map(() => []);
  for (const [place, { text, evidence }] of lines.entries()) {
    const asked = new Set(askedAlways);
    haystack.search(text.toLowerCase(), (n) => asked.add(n));
    if (noise.some((n) => asked.has(n) && patternOf(n).test(text))) continue;
    for (const n of asked) {
      if (isHeard(rules[n], evidence.source)) places[n]?.push(place);
    }
  }
  return places.flatMap((of, n) => signsOf(n, of, lines)).sort((a, b) => a.place - b.place);
}

/** The first and the last signs of a rule among the lines that may hold one. */
function signsOf(n: number, places: readonly number[], lines: readonly Line[]): readonly Sign[] {
  const first = takeSigns(n, places.slice(0, maxTries), lines);
  if (first.length < maxOfRule / 2 && places.length <= maxTries) return first;
  const last = takeSigns(n, places.slice(-maxTries).reverse(), lines);
  return [...first, ...last.filter(({ place }) => first.every((other) => other.place !== place))];
}

function takeSigns(n: number, places: readonly number[], lines: readonly Line[]): readonly Sign[] {
  const found: Sign[] = [];
  for (const place of places) {
    const sign = signOf(n, lines[place], place);
    if (sign) found.push(sign);
    if (found.length >= maxOfRule / 2) break;
  }
  return found;
}

function signOf(n: number, line: Line | undefined, place: number): Sign | undefined {
  const rule = rules[n];
  // To know whether there is a match is many times cheaper than to know where.
  if (!line || !rule || !patternOf(n).test(line.text)) return undefined;
  const matcher = patternOf(n).matcher(line.text);
  if (!matcher.find()) return undefined;
  const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
  if (groups.slice(1).some((group) => noFaults.has(group))) return undefined;
  if (rule.isVague && line.evidence.source === 'report' && denied.test(line.text.slice(0, matcher.start())))
    return undefined;
  const says = rule.says.replace(/\$(\d)/g, (_, group: string) => shown(groups[Number(group)] ?? ''));
  return { rule, line, says: says.trim(), weight: rule.weight - doubtOf(line), place };
}

/** What people say that it was not. */
const denied =
  /\b(?:not|nor|never|no|isn't|wasn't|rather than|instead of|unlike)(?: (?:a|an|the|any|due to|caused by|because of))*(?: \w{1,20})? $/i;

/** What a group may hold and is neither a setting nor a fault of the code. */
const noFaults = new Set([
  'fetch failed',
  'Failed to fetch',
  'Load failed',
  'terminated',
  'NetworkError when attempting to fetch resource.',
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
function isHeard(rule: Rule | undefined, source: EvidenceSource): boolean {
  const from = rule?.from;
  return from ? from.includes(source) : source !== 'verdict';
}

function shown(text: string): string {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return trimmed.length <= maxShown ? trimmed : `${trimmed.slice(0, maxShown)}…`;
}

function doubtOf({ text, evidence: { severity, source } }: Line): number {
  const bySeverity = severity === 'DEBUG' || severity === 'INFO' || severity === 'NOTICE' ? 12 : 0;
  const bySource = (source === 'report' && !explains.test(text)) || source === 'symptom' ? 6 : 0;
  return bySeverity + bySource + (softened.test(text) ? 12 : 0);
}
