import { failuresOf, healthOf, type RunRecord, runs } from '../../contracts/records.ts';
import type { Evidence, Incident, RevisionChange } from '../../domain/diagnosis/evidence.ts';
import { evidenceOfLog } from '../../domain/diagnosis/evidence-of-log.ts';
import { compareSettings } from '../../domain/diagnosis/revision-settings.ts';
import { describeError } from '../../domain/errors.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import type { RevisionName, RunId, ServiceRef } from '../../domain/ids.ts';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';
import type { RevisionOrder } from '../../domain/revision.ts';
import type { LogPart } from '../../ports/logs.ts';
import type { Ports } from '../../ports/ports.ts';

/** What one source contributes; a source that fails is named in `missing`, and the others go on. */
interface Part {
  readonly evidence: readonly Evidence[];
  readonly changes?: readonly RevisionChange[] | undefined;
  readonly missing: readonly string[];
}

const none: Part = { evidence: [], missing: [] };
/** The longest time before a run's end of which the logs are read. */
const longestMs = 60 * 60_000;
/** All of it together takes no longer. */
const budgetMs = 10_000;
/** Entries of the log arrive late. */
const lagMs = 4_000;
const maxProbes = 20;
const maxFailures = 200;

/** A revision, and the one to compare its settings with. */
export interface Suspect {
  readonly ref: ServiceRef;
  readonly candidate: RevisionOrder;
  readonly stable?: RevisionName | undefined;
}

/** What Cloud Run and Cloud Logging know of a revision: its state, settings and logs. */
export async function collectFromCloud(suspect: Suspect, ports: Ports): Promise<Incident> {
  return merge(await Promise.all(cloudParts(suspect, ports)));
}

function cloudParts(suspect: Suspect, ports: Ports): readonly Promise<Part>[] {
  return [
    within('the state of the revision', ports, () => conditionOf(suspect, ports)),
    within("the comparison of the revision's settings with stable", ports, () => changesOf(suspect, ports)),
    within("Cloud Run's own log of the revision", ports, () => logsOf(suspect, 'platform', ports)),
    within('the output of the container', ports, () => logsOf(suspect, 'output', ports)),
  ];
}

/** Everything that is known about a failed run: also its records, and other services. */
export async function collectEvidence(runId: RunId, run: RunRecord, ports: Ports): Promise<Incident> {
  const parts = await Promise.all([
    within('its probes', ports, () => probesOf(runId, ports)),
    within('its failed checks', ports, () => failuresIn(runId, ports)),
    ...cloudParts(run, ports),
    within('the runs of other services', ports, () => neighboursOf(run, ports)),
  ]);
  const found = merge(parts);
  const failsOnStable = run.reasons.some(({ code }) => code === 'dependency');
  return { ...found, evidence: [...reasonsOf(run), ...found.evidence], failsOnStable };
}

function merge(parts: readonly Part[]): Incident {
  const changes = parts.find((part) => part.changes !== undefined)?.changes;
  return {
    evidence: parts.flatMap(({ evidence }) => evidence),
    ...(changes && { changes }),
    missing: parts.flatMap(({ missing }) => missing),
  };
}

async function within(what: string, { clock }: Ports, work: () => Promise<Part>): Promise<Part> {
  const over = new AbortController();
  const tooLate = clock
    .sleep(budgetMs, over.signal)
    .then((): Part => ({ evidence: [], missing: [`${what}: no answer within ${budgetMs / 1_000} s`] }))
    .catch(() => none);
  try {
    return await Promise.race([work(), tooLate]);
  } catch (error) {
    return { evidence: [], missing: [`${what}: ${describeError(error)}`] };
  } finally {
    over.abort();
  }
}

function reasonsOf({ reasons }: RunRecord): readonly Evidence[] {
  return reasons.map(({ text }, n) => ({ ref: `reason:${n}`, source: 'verdict', text }));
}

async function probesOf(runId: RunId, { store }: Ports): Promise<Part> {
  const found = await store.find({ collection: healthOf(runId), where: [], limit: 1_000 });
  const evidence = found
    .map(({ id, data }) => ({ id, ...data }))
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .slice(-maxProbes)
    .flatMap(({ id, at, candidate }): Evidence[] => {
      const text = candidate && detailOf(candidate);
      return text === undefined ? [] : [{ ref: `probe:${id}`, source: 'answer', text, at }];
    });
  return { evidence, missing: [] };
}

function detailOf(outcome: ProbeOutcome): string | undefined {
  return outcome.kind === 'good' ? undefined : outcome.detail;
}

async function failuresIn(runId: RunId, { store }: Ports): Promise<Part> {
  const found = await store.find({ collection: failuresOf(runId), where: [], limit: maxFailures });
  const evidence = found.map(
    ({ data: { suite, id, detail } }): Evidence => ({
      ref: `check:${suite}/${id}`,
      source: 'test',
      text: `${id}: ${detail ?? 'failed'}`,
    }),
  );
  return { evidence, missing: [] };
}

async function conditionOf({ ref, candidate }: Suspect, { run }: Ports): Promise<Part> {
  const revision = await run.getRevision(ref, candidate.revision);
  if (revision?.readiness.kind !== 'failed') return none;
  const { reason, message } = revision.readiness;
  const text = hideSecrets(message === '' ? reason : message);
  return { evidence: [{ ref: 'condition:Ready', source: 'platform', text }], missing: [] };
}

async function changesOf({ ref, candidate, stable }: Suspect, { run }: Ports): Promise<Part> {
  if (stable === undefined || stable === candidate.revision) return none;
  const [before, after] = await Promise.all([
    run.getSettings(ref, stable),
    run.getSettings(ref, candidate.revision),
  ]);
  if (!before || !after) return { evidence: [], missing: ['the settings of a deleted revision'] };
  return { evidence: [], changes: compareSettings(before, after), missing: [] };
}

/** One part of the log; a part that is empty is read a second time, since entries arrive late. */
async function logsOf({ ref, candidate }: Suspect, part: LogPart, { logs, clock }: Ports): Promise<Part> {
  const read = async () => {
    const to = new Date(clock.now().getTime() + 60_000);
    const from = new Date(Math.max(candidate.createTime.getTime() - 60_000, to.getTime() - longestMs));
    return (await logs.listEntries({ ref, revision: candidate.revision, from, to }, part)).entries;
  };
  const early = await read();
  if (early.length === 0) await clock.sleep(lagMs);
  const entries = early.length === 0 ? await read() : early;
  return { evidence: evidenceOfLog(entries), missing: [] };
}

/** How many other services must fail at the same time before it is likely not their own doing. */
const fewestNeighbours = 3;
const sameTimeMs = 15 * 60_000;

async function neighboursOf({ serviceKey, closedAt, createdAt }: RunRecord, { store }: Ports): Promise<Part> {
  const around = (closedAt ?? createdAt).getTime();
  const recent = await store.find({
    collection: runs,
    where: [['verdict', '==', 'fail']],
    orderBy: { field: 'createdAt', direction: 'desc' },
    limit: 50,
  });
  const others = new Set(
    recent
      .filter(({ data }) => Math.abs(data.createdAt.getTime() - around) < sameTimeMs)
      .map(({ data }) => data.serviceKey)
      .filter((key) => key !== serviceKey),
  );
  if (others.size < fewestNeighbours) return none;
  const text = `the same time saw failures across ${others.size} unrelated services`;
  return { evidence: [{ ref: 'runs:others', source: 'platform', text }], missing: [] };
}
