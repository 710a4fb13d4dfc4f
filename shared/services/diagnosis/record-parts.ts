import { type FailureRecord, failuresOf, healthOf, type RunRecord } from '../../contracts/records.ts';
import type { Evidence } from '../../domain/diagnosis/evidence.ts';
import { compareWithStable } from '../../domain/health/compare-with-stable.ts';
import type { HealthFact } from '../../domain/health/health-fact.ts';
import type { ProbeOutcome } from '../../domain/health/probe-outcome.ts';
import type { RunId } from '../../domain/ids.ts';
import { failureSignature } from '../../domain/log-evidence/failure-signature.ts';
import type { ReasonCode } from '../../domain/verdict.ts';
import type { Ports } from '../../ports/ports.ts';
import { loadPlanHead } from '../checks/load-plan.ts';
import { type Part, within } from './part.ts';

const maxProbes = 20;
/** At one look alone stable may answer badly by chance. */
const fewestLooks = 2;
const maxFailures = 1_000;
/** The checks named of many that fail alike. */
const maxExamples = 3;
const maxProblems = 20;

/** What the records of a run say of its failure. */
export function recordParts(runId: RunId, run: RunRecord, ports: Ports): readonly Promise<Part>[] {
  return [
    Promise.resolve(reasonsOf(run)),
    within('its probes', ports, () => probesOf(runId, ports)),
    within('its failed checks', ports, () => failuresIn(runId, ports)),
    within('the problems of its tests', ports, () => unloadedTests(runId, ports)),
  ];
}

function reasonsOf({ reasons, outcome }: RunRecord): Part {
  // Stable had answered well when the run was decided, and no longer did when traffic was to go back to it.
  const told = outcome?.code === 'target-failing' ? [...reasons, outcome] : reasons;
  const has = (...codes: readonly ReasonCode[]) => told.some(({ code }) => codes.includes(code));
  const verdicts = told.map(({ text }, n): Evidence => ({ ref: `reason:${n}`, source: 'verdict', text }));
  return {
    evidence: verdicts,
    ...(has('dependency', 'known-failures', 'target-failing') && { failsOnStable: true }),
    missing: [],
  };
}

async function probesOf(runId: RunId, { store }: Ports): Promise<Part> {
  const found = await store.find({ collection: healthOf(runId), where: [], limit: 1_000 });
  const facts = found
    .map(({ id, data }) => ({ id, ...data }))
    .sort((a, b) => a.at.getTime() - b.at.getTime());
  return {
    evidence: facts.slice(-maxProbes).flatMap(answersOf),
    failsOnStable: failsOnStable(facts),
    missing: [],
  };
}

function answersOf({ id, at, candidate, stable }: HealthFact & { readonly id: string }): readonly Evidence[] {
  const detail = detailOf(candidate);
  if (detail === undefined) return [];
  const onStable = detailOf(stable);
  const texts = [detail, ...(onStable === undefined ? [] : [`stable, to the same probe: ${onStable}`])];
  return texts.map((text) => ({ ref: `probe:${id}`, source: 'answer', text, at }));
}

function detailOf(outcome: ProbeOutcome | undefined): string | undefined {
  return outcome === undefined || outcome.kind === 'good' ? undefined : outcome.detail;
}

/** What stable answered while the candidate answered badly. Undefined: it was not asked, or answered both ways. */
function failsOnStable(facts: readonly HealthFact[]): boolean | undefined {
  const bad = facts.filter(({ counts, candidate }) => counts && candidate?.kind === 'bad');
  const compared = compareWithStable(bad, Math.min(fewestLooks, bad.length));
  if (compared?.kind === 'stable-bad') return true;
  return compared?.kind === 'stable-good' ? false : undefined;
}

/** Failures of one cause are one piece of evidence. */
async function failuresIn(runId: RunId, { store }: Ports): Promise<Part> {
  const found = await store.find({ collection: failuresOf(runId), where: [], limit: maxFailures });
  const groups = Map.groupBy(
    found.map(({ data }) => data),
    failureSignature,
  );
  const more = { what: 'its failed checks', why: `only ${maxFailures} are read` };
  return {
    evidence: [...groups.values()].flatMap(failureEvidence),
    missing: found.length < maxFailures ? [] : [more],
  };
}

function failureEvidence(failures: readonly FailureRecord[]): readonly Evidence[] {
  const [first] = failures;
  if (!first) return [];
  const { suite, id, detail = 'failed' } = first;
  const examples = failures.slice(0, maxExamples).map((failure) => failure.id);
  const more = failures.length > examples.length ? ', …' : '';
  const who = failures.length === 1 ? id : `${failures.length} checks alike (${examples.join(', ')}${more})`;
  return [{ ref: `check:${suite}/${id}`, source: 'test', text: `${who}: ${detail}` }];
}

/** Why tests could not even be collected. */
async function unloadedTests(runId: RunId, { store }: Ports): Promise<Part> {
  const problems = (await loadPlanHead(store, runId))?.problems ?? [];
  const evidence = problems
    .slice(0, maxProblems)
    .map((text, n): Evidence => ({ ref: `check:list/${n}`, source: 'test', text }));
  return { evidence, missing: [] };
}
