import type { Category } from './categories.ts';
import type { EvidenceSource, Incident, RevisionChange } from './evidence.ts';
import type { Sign } from './find-signs.ts';
import type { Line } from './lines-of.ts';
import { ownFrame } from './own-frame.ts';
import type { Layer } from './rule.ts';
import type { Candidate } from './weigh-causes.ts';

/** One step, with what it rests on. */
export interface Why {
  readonly question: string;
  readonly answer: string;
  /** References of evidence; never empty. */
  readonly evidence: readonly string[];
}

/** The first step: it says what is to be explained. */
export const noticedQuestion = 'What was noticed?';

/** The step that names the own frame of an exception. */
export const placeQuestion = 'Where in the code?';

const maxRefs = 5;
/** Whose words tell what was noticed. */
const noticedBy: readonly EvidenceSource[] = ['symptom', 'verdict', 'answer', 'test'];
const steps: readonly { readonly layer: Layer; readonly question: string }[] = [
  { layer: 'platform', question: 'What did Cloud Run do?' },
  { layer: 'process', question: 'How did the process end?' },
  { layer: 'cause', question: 'Why?' },
];

/** The chain from the symptom to the cause; a step without evidence is left out. */
export function whysOf(
  best: Candidate,
  signs: readonly Sign[],
  lines: readonly Line[],
  incident: Incident,
): readonly Why[] {
  const told = incident.evidence.filter(({ source }) => noticedBy.includes(source));
  const symptoms = told.filter(({ text }, n) => told.findIndex((other) => other.text === text) === n);
  const noticed: readonly Why[] =
    symptoms.length > 0
      ? [
          {
            question: noticedQuestion,
            answer: symptoms
              .slice(0, 3)
              .map(({ text }) => text)
              .join('; '),
            evidence: symptoms.slice(0, maxRefs).map(({ ref }) => ref),
          },
        ]
      : stepOf(
          noticedQuestion,
          signs.filter(({ rule }) => rule.layer === 'noticed'),
        );
  const deeper = steps.flatMap(({ layer, question }) => {
    const own = best.signs.filter(({ rule }) => rule.layer === layer);
    const any =
      layer === 'cause' ? own : own.length > 0 ? own : signs.filter(({ rule }) => rule.layer === layer);
    return stepOf(question, any);
  });
  return [...noticed, ...deeper, ...placeOf(best, lines), ...originOf(best, incident)];
}

/** The strongest sign answers; all that say the same are its evidence. */
function stepOf(question: string, signs: readonly Sign[]): readonly Why[] {
  const [first] = signs.toSorted((a, b) => b.weight - a.weight);
  if (!first) return [];
  const same = signs.filter(({ rule }) => rule === first.rule).map(({ line }) => line.evidence.ref);
  return [{ question, answer: first.says, evidence: [...new Set(same)].slice(0, maxRefs) }];
}

/** Where in the code: only an exception has such a place. */
function placeOf({ category, signs }: Candidate, lines: readonly Line[]): readonly Why[] {
  const [first] = signs;
  if (!first || !hasPlace(category)) return [];
  const frame = ownFrame(lines, first.place);
  if (!frame) return [];
  return [{ question: placeQuestion, answer: frame.at, evidence: [frame.line.evidence.ref] }];
}

function hasPlace(category: Category): boolean {
  return (
    category.startsWith('container-startup-failure') ||
    category.startsWith('websocket') ||
    category === 'app-logic-regression' ||
    category === 'missing-env-or-secret' ||
    category.startsWith('test-')
  );
}

/** A setting that the cause names and in which the revision differs from stable. */
function originOf({ signs }: Candidate, { changes = [] }: Incident): readonly Why[] {
  const text = signs.map(({ line }) => line.text).join('\n');
  const named = changes.filter(({ field }) => text.includes(field.split('.').at(-1) ?? field));
  if (named.length === 0) return [];
  return [
    {
      question: 'What has changed?',
      answer: named.map(describeChange).join('; '),
      evidence: named.slice(0, maxRefs).map(({ field }) => `diff:${field}`),
    },
  ];
}

export function describeChange({ field, before, after }: RevisionChange): string {
  if (after === undefined) return `${field} is set on stable, and not on this revision`;
  if (before === undefined) return `${field} is new (${after})`;
  return `${field} was ${before}, and is ${after}`;
}
