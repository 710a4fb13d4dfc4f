import { type Category, coarseOf } from './categories.ts';
import type { Incident } from './evidence.ts';
import type { Sign } from './find-signs.ts';
import type { Line } from './lines-of.ts';
import { ownFrame } from './own-frame.ts';
import { exception, layers } from './rule.ts';
import { type Circumstances, meaningOf } from './tell-circumstances.ts';

/** A category, and all that speaks for it. */
export interface Candidate {
  readonly category: Category;
  /** From 0 to 1. */
  readonly confidence: number;
  /** The strongest first. */
  readonly signs: readonly Sign[];
}

/** What further independent evidence adds, twice at most. */
const corroboration = 4;
/** What it costs that something else is as likely. */
const conflict = 18;
/** What it costs that only the symptom is known. */
const unexplained = 12;
/** What it costs that nothing fails. */
const unharmed = 40;
/** What is not refuted by a success. */
const provenByGreen: ReadonlySet<Category> = new Set(['healthy/none', 'fake-test', 'fix-not-deployed']);
/** What nobody's exact words prove alone is no surer, in percent. */
const leastSure = 58;
/** The weight from which one message proves its category without any other. */
const provesAlone = 80;
/** What it costs that tests are blamed for what users see. */
const notOfUsers = 60;
/** As likely: within so much of the best. */
const near = 8;

/** The categories by their weight, the likeliest first. */
export function weighCauses(
  signs: readonly Sign[],
  circumstances: Circumstances,
  incident: Incident,
  lines: readonly Line[],
): readonly Candidate[] {
  const groups = Map.groupBy(signs, (sign) => meaningOf(sign, circumstances, lines));
  const scored = [...groups].map(([category, of]) => {
    const sorted = of.toSorted((a, b) => b.weight - a.weight || depthOf(b) - depthOf(a) || b.place - a.place);
    // What is noticed many times is still one thing.
    const places = new Set(
      sorted.filter(({ rule }) => rule.layer !== 'noticed').map(({ line }) => line.evidence.ref),
    );
    const best = sorted[0]?.weight ?? 0;
    const shallow = category !== 'healthy/none' && sorted.every(({ rule }) => rule.layer === 'noticed');
    const weight =
      best +
      Math.min(2, Math.max(0, places.size - 1)) * corroboration +
      fromChanges(category, sorted, incident) -
      (shallow ? unexplained : 0) -
      (circumstances.isServing && !provenByGreen.has(category) ? unharmed : 0) -
      (circumstances.hitsUsers && category.startsWith('test-') ? notOfUsers : 0);
    return { category, weight, signs: sorted, most: isFounded(sorted, lines) ? 98 : leastSure };
  });
  const ordered = scored.sort((a, b) => b.weight - a.weight);
  return ordered.map(({ category, weight, signs: own, most }, n) => {
    const rivals = ordered.filter(
      (other, m) =>
        m !== n &&
        coarseOf(other.category) !== coarseOf(category) &&
        other.weight > weight - near &&
        isCause(other.signs),
    );
    const confidence = weight - (rivals.length > 0 ? conflict : 0);
    return { category, confidence: Math.min(most, Math.max(5, confidence)) / 100, signs: own };
  });
}

/**
 * Whether the deciding messages are exact, in a log, and weighty or more than one. An exception is, only with its place in the
 * own code: a library throws as well for what others answer.
 */
function isFounded(signs: readonly Sign[], lines: readonly Line[]): boolean {
  const exact = signs.filter(
    ({ rule, line, place }) =>
      rule.isVague !== true &&
      rule.layer !== 'noticed' &&
      line.evidence.source !== 'report' &&
      (rule.means !== exception || ownFrame(lines, place) !== undefined),
  );
  const places = new Set(exact.map(({ line }) => line.evidence.ref));
  return (
    places.size > 1 || exact.some(({ rule, weight }) => weight >= provesAlone || rule.means === exception)
  );
}

function isCause(signs: readonly Sign[]): boolean {
  return signs.some(({ rule }) => rule.layer === 'cause');
}

function depthOf({ rule }: Sign): number {
  return layers.indexOf(rule.layer);
}

/** A setting that differs from stable's and that the message names is independent evidence. */
function fromChanges(category: Category, signs: readonly Sign[], { changes = [] }: Incident): number {
  if (category !== 'missing-env-or-secret' && category !== 'config-drift') return 0;
  const named = changes.some(({ field }) => {
    const name = field.split('.').at(-1) ?? field;
    return (
      name.length > 2 && signs.some(({ line }) => line.evidence.source !== 'diff' && line.text.includes(name))
    );
  });
  return named ? 10 : 0;
}
