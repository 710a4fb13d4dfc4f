import { assertNever } from '../../domain/assert-never.ts';
import type { RunStory } from '../../domain/notices/run-story.ts';
import type { Verdict } from '../../domain/verdict.ts';

/** What became of a revision, after its name. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'could not be judged',
  superseded: 'was superseded by a newer deploy',
};

/** `revision web-2 failed` */
export function tellVerdict({ candidate, verdict }: RunStory['run']): string {
  return `revision ${candidate.revision} ${verdict ? verdictWords[verdict] : 'is being validated'}`;
}

/** What users get, in a sentence without its end. */
export function tellUsers({ run, exposure }: Pick<RunStory, 'run' | 'exposure'>): string {
  const { candidate, target, outcome } = run;
  switch (exposure) {
    case 'now':
      return `users get ${candidate.revision} now`;
    case 'unrestored':
      return `users still get errors after the rollback${outcome ? `: ${outcome.text}` : ''}`;
    case 'before':
      return target === undefined
        ? `users do not get ${candidate.revision} any more`
        : `traffic is back on ${target}`;
    case 'never':
      return `no user got ${candidate.revision}`;
    case 'unknown':
      return `it is not known whether users get ${candidate.revision}`;
    default:
      return assertNever(exposure);
  }
}

/** True: somebody has to see to it. */
export function isFailure({ verdict }: Pick<RunStory['run'], 'verdict'>): boolean {
  return verdict === 'fail' || verdict === 'inconclusive';
}

/** The beginning of a sentence of ours. */
export function capitalized(sentence: string): string {
  return `${sentence.slice(0, 1).toUpperCase()}${sentence.slice(1)}`;
}
