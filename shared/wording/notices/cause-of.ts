import type { RunStory } from '../../domain/notices/run-story.ts';
import type { Reason, ReasonCode } from '../../domain/verdict.ts';

/** What stable does, beside the reasons that tell of the revision. */
const comparing: readonly ReasonCode[] = [
  'stable-good',
  'stable-unreachable',
  'dependency',
  'no-baseline',
  'not-compared',
];

/** The reasons of a verdict: what was noticed, and what it was compared with. */
export function splitReasons(reasons: readonly Reason[]) {
  const compared = reasons.filter(({ code }) => comparing.includes(code));
  return { noticed: reasons.filter((reason) => !compared.includes(reason)), compared };
}

/** True: the diagnosis names a cause. */
export function isCauseKnown({ diagnosis }: Pick<RunStory, 'diagnosis'>): boolean {
  return diagnosis?.result !== undefined && diagnosis.result.category !== 'unknown';
}

/** The cause, as far as it is known, in a few words: that of the diagnosis, or else what was noticed. */
export function causeOf({ diagnosis, run }: Pick<RunStory, 'diagnosis' | 'run'>): string {
  if (isCauseKnown({ diagnosis })) return diagnosis?.result?.summary.replace(/\.$/, '') ?? '';
  const [first] = [...splitReasons(run.reasons).noticed, ...run.reasons];
  return first?.text ?? 'the cause is not known';
}
