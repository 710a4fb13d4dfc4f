import type { Diagnosis } from '../domain/diagnosis/diagnose-incident.ts';

/** The cause in one line: `missing-env-or-secret (86 %): The variable PORT is not set.` */
export function describeCause({ category, confidence, summary }: Diagnosis): string {
  if (category === 'unknown') return `unknown: ${summary}`;
  return `${category} (${Math.round(confidence * 100)} %): ${summary}`;
}

/** The whys, one line each with the references that they rest on. */
export function describeWhys({ whys }: Diagnosis): readonly string[] {
  return whys.map(({ question, answer, evidence }) => `${question} ${answer}  [${evidence.join(', ')}]`);
}

/** All of it for people, in lines. */
export function describeDiagnosis(diagnosis: Diagnosis): string {
  const { alternatives, missing, suggestedAction, remediation } = diagnosis;
  const rows: readonly (readonly [name: string, text: string])[] = [
    ['cause', describeCause(diagnosis)],
    ...describeWhys(diagnosis).map((line) => ['', line] as const),
    ...alternatives.map((other) => ['or', describeOther(other)] as const),
    ...missing.map((what) => ['missing', what] as const),
    ['action', suggestedAction],
    ['now', remediation.now],
    ['next', remediation.next],
    ['later', remediation.later],
  ];
  return rows.map(([name, text]) => `${name.padEnd(8)}${text}\n`).join('');
}

function describeOther({ category, confidence, summary }: Diagnosis['alternatives'][number]): string {
  return `${category} (${Math.round(confidence * 100)} %): ${summary}`;
}
