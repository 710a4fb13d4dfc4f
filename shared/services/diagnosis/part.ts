import type { Evidence, Incident, RevisionChange } from '../../domain/diagnosis/evidence.ts';
import { describeError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';

/** What one source contributes; a source that fails is named in `missing`, and the others go on. */
export interface Part {
  readonly evidence: readonly Evidence[];
  readonly changes?: readonly RevisionChange[] | undefined;
  readonly failsOnStable?: boolean | undefined;
  readonly missing: readonly Missing[];
}

interface Missing {
  readonly what: string;
  readonly why: string;
}

export const none: Part = { evidence: [], missing: [] };
/** All parts together take no longer. */
const budgetMs = 10_000;

/** Never throws. @param what names the part where it is missing */
export async function within(what: string, { clock }: Ports, work: () => Promise<Part>): Promise<Part> {
  const over = new AbortController();
  const tooLate = clock
    .sleep(budgetMs, over.signal)
    .then((): Part => ({ evidence: [], missing: [{ what, why: `no answer within ${budgetMs / 1_000} s` }] }))
    .catch(() => none);
  try {
    return await Promise.race([work(), tooLate]);
  } catch (error) {
    return { evidence: [], missing: [{ what, why: describeError(error) }] };
  } finally {
    over.abort();
  }
}

/** One account of all parts. */
export function merge(parts: readonly Part[]): Incident {
  const changes = parts.find((part) => part.changes !== undefined)?.changes;
  const failsOnStable = parts.find((part) => part.failsOnStable !== undefined)?.failsOnStable;
  // What is missing for one reason, such as a role, is one line.
  const missing = Map.groupBy(
    parts.flatMap((part) => part.missing),
    ({ why }) => why,
  );
  return {
    evidence: parts.flatMap(({ evidence }) => evidence),
    ...(changes && { changes }),
    ...(failsOnStable !== undefined && { failsOnStable }),
    missing: [...missing].map(([why, of]) => `${of.map(({ what }) => what).join(', ')}: ${why}`),
  };
}
