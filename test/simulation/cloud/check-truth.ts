import type { RevisionName } from '../../../shared/domain/ids.ts';

/** What becomes of a check, by the first word of its name: the truth that nobody in the simulation sees. */
export const checkKinds = ['pass', 'known', 'flaky', 'errored', 'lost', 'broken'] as const;
/** A check so named takes minutes, so that slots take turns and a stage may not end in time. */
export const slowSuffix = '-slow';
export type CheckKind = (typeof checkKinds)[number];

export function kindOfCheck(id: string): CheckKind {
  return checkKinds.find((kind) => id.startsWith(`${kind}-`)) ?? 'pass';
}

/** Whether a healthy revision fails a check each time that it is asked. `broken`: every third deploy breaks it. */
export function failsCheck(id: string, revision: RevisionName): boolean {
  const kind = kindOfCheck(id);
  return kind === 'known' || (kind === 'broken' && breaksChecks(revision));
}

function breaksChecks(revision: RevisionName): boolean {
  const deploy = Number(/(\d+)$/.exec(revision)?.[1] ?? 0);
  return deploy % 3 === 2;
}
