import type { Diagnosis } from '../domain/diagnosis/diagnose-incident.ts';
import { noticedQuestion } from '../domain/diagnosis/whys-of.ts';

type Likely = Pick<Diagnosis, 'category' | 'confidence'>;

/** `missing-env-or-secret (86 %)` */
export function describeLikely({ category, confidence }: Likely): string {
  return category === 'unknown' ? category : `${category} (${Math.round(confidence * 100)} %)`;
}

/**
 * Why a run failed, below the reasons that it was judged by: so without the step that says what was noticed. The steps
 * hold the summary, except where no cause is known.
 */
export function describeCause(diagnosis: Diagnosis): readonly string[] {
  const { category, summary, whys } = diagnosis;
  const steps = whys.filter(({ question }) => question !== noticedQuestion).map(describeWhy);
  return [`${describeLikely(diagnosis)}${category === 'unknown' ? `: ${summary}` : ''}`, ...steps];
}

function describeWhy({ question, answer, evidence }: Diagnosis['whys'][number]): string {
  return `${question} ${answer}  [${evidence.join(', ')}]`;
}

/** All of it for people, in lines. */
export function describeDiagnosis(diagnosis: Diagnosis): string {
  const { summary, whys, alternatives, missing, suggestedAction, remediation } = diagnosis;
  const rows: readonly (readonly [name: string, text: string])[] = [
    ['cause', `${describeLikely(diagnosis)}: ${summary}`],
    ...whys.map((why) => ['', describeWhy(why)] as const),
    ...alternatives.map((other) => ['or', `${describeLikely(other)}: ${other.summary}`] as const),
    ...missing.map((what) => ['missing', what] as const),
    ['action', suggestedAction],
    ['now', remediation.now],
    ['next', remediation.next],
    ['later', remediation.later],
  ];
  return rows.map(([name, text]) => `${name.padEnd(8)}${text}\n`).join('');
}
