import { documentIn } from '../../contracts/document.ts';
import { parseHandOvers } from '../../contracts/hand-over.ts';
import { BuildIdSchema } from '../../contracts/id-schemas.ts';
import { type BuildRecord, builds } from '../../contracts/records.ts';
import type { Build, TerminalStatus } from '../../domain/build.ts';
import { isTerminal } from '../../domain/build.ts';
import type { RunId } from '../../domain/ids.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { type Resolution, resolveRevision, windowSlackMs } from '../../domain/runs/resolve-revision.ts';
import type { ReasonCode } from '../../domain/verdict.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Ports } from '../../ports/ports.ts';
import type { BoundConfig } from '../records/load-config.ts';
import { recordRejection } from '../records/record-rejection.ts';
import { attemptOfBuild } from './next-attempt.ts';
import { registerRun, wakeRun } from './register-run.ts';

/** A build that ended longer ago is history: the sweep takes care of the serving revisions. */
const maxBuildAgeMs = 24 * 3_600_000;
const pollMs = 2_000;
const maxNamed = 5;

type FinishedBuild = Build & { readonly status: TerminalStatus };

/**
 * Opens runs for a finished build. The message is only a hint: everything is read again from Cloud Build and Cloud Run,
 * so duplicate, old and forged messages cannot assert anything.
 * @param onWait told once if the build has created no revision yet
 */
export async function beginFromBuild(
  name: string,
  bound: BoundConfig,
  ports: Ports,
  onWait?: (text: string) => void,
): Promise<void> {
  const reject = (code: ReasonCode, text: string) =>
    recordRejection('begin-validation', name, { code, text }, ports);
  const id = BuildIdSchema.safeParse(name.split('/').at(-1));
  if (!id.success) return reject('malformed', 'the name does not end in a build id');
  const record = await ports.store.get(documentIn(builds, id.data));
  if (record) {
    for (const runId of record.data.runs) await wakeRun(runId, ports);
    return;
  }
  const build = await ports.builds.getBuild(name);
  if (!build || build.id !== id.data) return reject('unknown-build', 'Cloud Build has no such build');
  if (!isFinished(build)) {
    ports.log.info(
      { buildId: build.id, status: build.status },
      'the build has not ended: another message will follow',
    );
    return;
  }
  await settle(build, await validate(build, bound, ports, onWait), ports);
}

function isFinished(build: Build): build is FinishedBuild {
  return isTerminal(build.status);
}

type Settlement = Pick<BuildRecord, 'outcome' | 'reason' | 'runs'>;

async function validate(
  build: FinishedBuild,
  bound: BoundConfig,
  ports: Ports,
  onWait?: (text: string) => void,
): Promise<Settlement> {
  const watched = bound.config.services.filter((service) => service.project === build.projectId);
  if (watched.length === 0)
    return ignored('not-watched', `no service of project ${build.projectId} is in the config`);
  const ageMs = ports.clock.now().getTime() - (build.finishTime?.getTime() ?? 0);
  if (ageMs > maxBuildAgeMs) return ignored('stale', 'the build ended more than a day ago');

  const resolution = await pollResolution(build, watched, ports, onWait);
  switch (resolution.kind) {
    case 'none':
      return ignored(
        'deployed-nothing',
        `the build ended with ${build.status} and created no revision of a watched service`,
      );
    case 'ambiguous':
      return { outcome: 'ambiguous', reason: { code: 'ambiguous', text: resolution.detail }, runs: [] };
    case 'resolved':
      break;
  }
  const runs: RunId[] = [];
  for (const { ref, revision, by } of resolution.revisions) {
    const config = watched.find((s) => s.region === ref.region && s.service === ref.service);
    if (!config) continue;
    const commit = build.substitutions.COMMIT_SHA;
    const origin = { id: build.id, name: build.name, status: build.status, commit, resolvedBy: by };
    const candidate = {
      ref,
      config,
      configDigest: bound.digest,
      revision,
      openedBy: 'build' as const,
      build: origin,
      observe: bound.observe,
      watchMs: bound.watchMs,
      scan: bound.scan,
    };
    const attempt = await attemptOfBuild(ports.store, ref, revision);
    runs.push(await registerRun({ ...candidate, attempt }, ports));
  }
  return { outcome: 'validated', reason: { code: 'validated', text: countOf(runs.length, 'run') }, runs };
}

/** A `--source` deploy creates its revision after SUCCESS: search again until the build's time window is over. */
async function pollResolution(
  build: FinishedBuild,
  watched: BoundConfig['config']['services'],
  ports: Ports,
  onWait?: (text: string) => void,
): Promise<Resolution> {
  const handOvers = parseHandOvers(build.stepOutputs);
  const startedMs = ports.clock.monotonicMs();
  let isTold = false;
  for (;;) {
    const services = await Promise.all(
      watched.map(async ({ project, region, service, triggers }) => {
        const ref = { project, region, service };
        return { ref, triggers, revisions: await ports.run.listRevisions(ref) };
      }),
    );
    const resolution = resolveRevision(build, handOvers, services);
    const windowOpen = ports.clock.monotonicMs() - startedMs < windowSlackMs;
    if (resolution.kind !== 'none' || build.status !== 'SUCCESS' || !windowOpen) return resolution;
    if (!isTold) onWait?.(describeWait(watched));
    isTold = true;
    await ports.clock.sleep(pollMs);
  }
}

function describeWait(watched: BoundConfig['config']['services']): string {
  const names = watched.slice(0, maxNamed).map(({ name }) => name);
  const all = [...names, ...(watched.length > maxNamed ? ['…'] : [])].join(', ');
  return `the build has created no revision of ${all} yet: waiting up to ${windowSlackMs / 1000} s for one`;
}

function ignored(code: ReasonCode, text: string): Settlement {
  return { outcome: 'ignored', reason: { code, text }, runs: [] };
}

async function settle(
  build: FinishedBuild,
  settlement: Settlement,
  { store, clock, log }: Ports,
): Promise<void> {
  log.info(
    { buildId: build.id, status: build.status, outcome: settlement.outcome, runs: settlement.runs },
    settlement.reason.text,
  );
  const data: BuildRecord = { name: build.name, status: build.status, at: clock.now(), ...settlement };
  await createOnce(store, documentIn(builds, build.id), data);
}
