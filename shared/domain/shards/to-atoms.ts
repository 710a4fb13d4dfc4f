import type { Atom, PlannableCheck } from './shard-plan.ts';

/** Checks as they may be separated, in the order of their first one. */
export function toAtoms(checks: readonly PlannableCheck[]): readonly Atom[] {
  return [...Map.groupBy(checks, (check) => check.group ?? check).values()].map((members) => ({
    ids: members.map(({ id }) => id),
    expectedMs: members.reduce((sum, { expectedMs }) => sum + expectedMs, 0),
    isUnknown: members.some(({ isUnknown }) => isUnknown),
  }));
}
