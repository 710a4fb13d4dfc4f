import { type Category, categories, type Remediation, type SuggestedAction } from './categories.ts';
import { type CommitEvidence, signsOfCommit } from './commit-evidence.ts';
import { comparePorts } from './compare-ports.ts';
import type { Evidence, EvidenceSource, Incident, RevisionChange } from './evidence.ts';
import { findSigns, type Sign } from './find-signs.ts';
import { findUnloadedTests } from './find-unloaded-tests.ts';
import { type Line, linesOf } from './lines-of.ts';
import { ownFrame } from './own-frame.ts';
import { exception } from './rule.ts';
import { type Circumstances, tellCircumstances } from './tell-circumstances.ts';
import { type Refuted, weedOut } from './weed-out.ts';
import { type Candidate, weighCauses } from './weigh-causes.ts';
import { type Why, whysOf } from './whys-of.ts';

export interface Alternative {
  readonly category: Category;
  readonly confidence: number;
  readonly summary: string;
}

/** Why a revision failed, as far as the evidence goes. */
export interface Diagnosis {
  readonly category: Category;
  /** From 0 to 1. */
  readonly confidence: number;
  readonly summary: string;
  /** From what was noticed to the cause; it stops where the evidence stops. */
  readonly whys: readonly Why[];
  /** What else the evidence allows, the likeliest first. */
  readonly alternatives: readonly Alternative[];
  /** What would have told more. */
  readonly missing: readonly string[];
  readonly suggestedAction: SuggestedAction;
  readonly remediation: Remediation;
}

/** Below it the cause is unknown. */
const leastConfidence = 0.35;
/** Below it nothing is suggested that changes traffic. */
const leastForRollback = 0.5;
const maxAlternatives = 3;

/**
 * Never throws: whatever the evidence holds, the answer is a diagnosis, if need be `unknown`.
 * @param commit what a look at the commit showed, after a first diagnosis had told what to look for
 */
export function diagnoseIncident(incident: Incident, commit?: CommitEvidence): Diagnosis {
  const lines = [...incident.evidence, ...(incident.changes ?? []).map(asEvidence)].flatMap(linesOf);
  const found = [
    ...findSigns(lines),
    ...comparePorts(lines),
    ...findUnloadedTests(lines),
    ...(commit ? signsOfCommit(commit) : []),
  ];
  const { signs, refuted } = weedOut(found);
  const circumstances = tellCircumstances(incident, signs);
  const candidates = weighCauses(signs, circumstances, incident, lines);
  const [best = circumstances.isLogAlone ? serving : undefined] = circumstances.isServing
    ? [candidates[0] ?? serving, serving].toSorted(bySureness)
    : candidates;
  if (!best || best.confidence < leastConfidence) return unknown(incident, signs, lines, candidates);
  const { category, confidence } = best;
  return {
    category,
    confidence,
    summary: summaryOf(best),
    whys: [...whysOf(best, signs, lines, incident), ...whysOfCommit(category, commit)],
    alternatives: [...alternativesTo(category, candidates), ...refuted.map(refutedOf)],
    missing: missingIn(incident, best),
    suggestedAction: actionOf(best, incident, circumstances, lines),
    remediation: categories[category].remediation,
  };
}

function asEvidence({ field, before = '(absent)', after = '(absent)' }: RevisionChange): Evidence {
  return { ref: `diff:${field}`, source: 'diff', text: `${field}: ${before} -> ${after}` };
}

function unknown(
  incident: Incident,
  signs: readonly Sign[],
  lines: readonly Line[],
  candidates: readonly Candidate[],
): Diagnosis {
  const { action, remediation } = categories.unknown;
  return {
    category: 'unknown',
    confidence: 0,
    summary: 'The evidence names no cause.',
    whys: whysOf({ category: 'unknown', confidence: 0, signs: [] }, signs, lines, incident),
    alternatives: alternativesTo('unknown', candidates),
    missing: missingIn(incident, undefined),
    suggestedAction: action,
    remediation,
  };
}

function summaryOf({ signs }: Candidate): string {
  return capitalized(signs[0]?.says ?? 'nothing fails');
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function alternativesTo(category: Category, candidates: readonly Candidate[]): readonly Alternative[] {
  return candidates
    .filter((other) => other.category !== category && other.category !== 'healthy/none')
    .slice(0, maxAlternatives)
    .map((other) => ({
      category: other.category,
      confidence: other.confidence,
      summary: summaryOf(other),
    }));
}

/** Nothing fails; frightening lines that fit no failure are noise. */
const serving: Candidate = { category: 'healthy/none', confidence: 0.5, signs: [] };

function bySureness(a: Candidate, b: Candidate): number {
  return b.confidence - a.confidence;
}

function actionOf(
  { category, confidence, signs }: Candidate,
  { evidence, hasTraffic, failsOnStable, changes = [] }: Incident,
  { atStart }: Circumstances,
  lines: readonly Line[],
): SuggestedAction {
  const { action } = categories[category];
  if (action !== 'rollback') return action;
  // A revision without traffic takes none back, and a fault that stable has too would stay.
  if (hasTraffic === false || failsOnStable === true || confidence < leastForRollback) return 'none';
  // The code and the image are stable's: what differs is a setting.
  if (changes.length > 0 && !changes.some(({ field }) => ofCode.test(field))) return 'none';
  if (evidence.some(({ source, text }) => told.has(source) && notSinceDeploy.test(text))) return 'none';
  return signs.some((sign) => isFaultOfCode(sign, atStart, lines)) ? action : 'none';
}

const told: ReadonlySet<EvidenceSource> = new Set(['symptom', 'report']);
/** What goes on without a deploy, or only now and then, is none of the revision's. */
const notSinceDeploy =
  /\b(?:no (?:code |new )?(?:change|deploy)\w*|no changes|(?:n't|not|never) changed|not? (?:a )?(?:deploy|code|release)\w* regression|unchanged|same (?:image|code|revision|commit)|stable (?:too|as well)|also (?:on|in) (?:stable|the (?:old|previous|prior))|(?:for|since) (?:\w+ )?(?:days|weeks|months|years)|pre-?existing|long-?standing|intermittent\w*|sporadic\w*|occasional\w*|randomly|sometimes|now and then|after some time)\b/i;

/** Where a revision that has another code than stable differs. */
const ofCode = /image|commit|digest|\bsha|\btag|version|revision|code|build|command|args/i;

/**
 * Exact words of a runtime, in no person's report: that the image cannot start, or an exception in the own code. What a check
 * of the run's own got here and not from stable is one too.
 */
function isFaultOfCode({ rule, line, place }: Sign, atStart: boolean, lines: readonly Line[]): boolean {
  if (rule.name === 'regression-verdict') return true;
  if (rule.layer !== 'cause' || rule.isVague === true || line.evidence.source === 'report') return false;
  if (rule.means === exception) return ownFrame(lines, place) !== undefined;
  return atStart && rule.weight >= leastForImage;
}

/** The commit goes on where the messages end: it says what brought the cause. */
function whysOfCommit(category: Category, commit: CommitEvidence | undefined): readonly Why[] {
  const findings = commit?.findings ?? [];
  return findings
    .filter(({ proof }) => proof === undefined || proof.means === category)
    .map(({ question, answer, evidence }) => ({ question, answer, evidence }));
}
/** Rules below it know the image from hearsay. */
const leastForImage = 76;

/** What somebody might take for the cause, and why it is not. */
function refutedOf({ sign, why }: Refuted): Alternative {
  return {
    category: sign.rule.means === exception ? 'unknown' : sign.rule.means,
    confidence: 0,
    summary: capitalized(`not so: ${why}`),
  };
}

function missingIn(
  { evidence, changes, missing = [] }: Incident,
  best: Candidate | undefined,
): readonly string[] {
  const has = (...sources: readonly Evidence['source'][]) =>
    evidence.some(({ source }) => sources.includes(source));
  const deep = best?.signs.some(({ rule }: Sign) => rule.layer === 'cause') === true;
  return [
    ...missing,
    ...(deep || has('output') ? [] : ['the output of the container (stdout and stderr)']),
    ...(deep || has('platform') ? [] : ["Cloud Run's own log of the revision"]),
    ...(changes ? [] : ["the comparison of the revision's settings with stable"]),
  ];
}
