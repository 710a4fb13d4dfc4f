import { type RunRecord, runs } from '../../contracts/records.ts';
import { unknownCauses } from '../../domain/health/probe-outcome.ts';
import { normalizeMessage } from '../../domain/log-evidence/failure-signature.ts';
import { isFault, type ReasonCode } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { none, type Part } from './part.ts';

/** How many other services must fail at the same time before it is likely not their own doing. */
const fewestNeighbours = 3;
const sameTimeMs = 15 * 60_000;
const maxNamed = 5;

/** Other services of the same region that fail in the same way; their records tell it, and nothing is asked of them. */
export async function neighboursOf(run: RunRecord, { store }: Ports): Promise<Part> {
  const { ref, serviceKey, closedAt, createdAt } = run;
  const around = (closedAt ?? createdAt).getTime();
  const own = failuresOfRun(run);
  const recent = await store.find({
    collection: runs,
    where: [],
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: 100,
  });
  const alike = recent
    .map(({ data }) => data)
    .filter(
      (other) =>
        other.serviceKey !== serviceKey &&
        other.ref.project === ref.project &&
        other.ref.region === ref.region &&
        Math.abs(other.createdAt.getTime() - around) < sameTimeMs &&
        failuresOfRun(other).some((failure) => own.includes(failure)),
    );
  const names = [...new Set(alike.map(({ ref: { service } }) => service))];
  if (names.length < fewestNeighbours) return none;
  const text = `the same failure at the same time across ${names.length} unrelated services: ${names.slice(0, maxNamed).join(', ')}`;
  return { evidence: [{ ref: 'runs:others', source: 'platform', text }], missing: [] };
}

/** In which ways a revision failed, without its own name. */
function failuresOfRun({ ref, candidate, reasons }: RunRecord): readonly string[] {
  return reasons
    .filter(({ code }) => isFailure(code))
    .map(({ code, text }) => {
      const anonymous = text.replaceAll(candidate.revision, 'REVISION').replaceAll(ref.service, 'SERVICE');
      return `${code} ${normalizeMessage(anonymous)}`;
    });
}

/** True: it says how the revision failed, and not what came of it. */
function isFailure(code: ReasonCode): boolean {
  return code === 'never-ready' || isFault(code) || unknownCauses.some((cause) => cause === code);
}
