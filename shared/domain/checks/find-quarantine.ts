import { matchesPattern } from './match-pattern.ts';

interface Quarantine {
  /** Patterns of the checks in this quarantine. */
  readonly tests: readonly string[];
  /** Its last day, as YYYY-MM-DD in UTC. */
  readonly until: string;
}

/** The quarantine of a check at a given time; undefined: the check counts. */
export function findQuarantine<Q extends Quarantine>(
  quarantine: readonly Q[],
  id: string,
  at: Date,
): Q | undefined {
  const day = at.toISOString().slice(0, 10);
  return quarantine.find(
    ({ tests, until }) => day <= until && tests.some((pattern) => matchesPattern(id, pattern)),
  );
}
