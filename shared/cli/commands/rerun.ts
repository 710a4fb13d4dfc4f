import { Command } from 'commander';
import { RevisionNameSchema } from '../../contracts/id-schemas.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { servingMost } from '../../domain/traffic/plan-manual.ts';
import { rerunPreviewDocument } from '../../output/manual-output.ts';
import type { Ports } from '../../ports/ports.ts';
import { reportRun } from '../../services/query-reports.ts';
import { loadCurrentConfig } from '../../services/records/load-config.ts';
import { nextAttempt } from '../../services/runs/next-attempt.ts';
import { formatTraffic } from '../../wording/format-traffic.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { concludeRuns } from '../exit/conclude-runs.ts';
import { printDocument } from '../exit/print-document.ts';
import type { AuditOptions } from '../options/audit-options.ts';
import { asOption, dryRunOption, readAudit, whyOption } from '../options/audit-options.ts';
import { parseOption } from '../options/parse-option.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { assertRecordsNamed, firestoreOption, recordsOption } from '../options/store-options.ts';
import { type TimeoutOption, timeoutOption } from '../options/timeout-option.ts';
import { assertRevision, readService } from '../select/named-revision.ts';
import type { KnownService } from '../select/resolve-service.ts';
import { resolveService } from '../select/resolve-service.ts';
import { type Loop, withLoop } from '../with-loop.ts';

interface RerunOptions extends StoreOptions, AuditOptions, TimeoutOption {
  readonly revision?: RevisionName;
  readonly json?: true;
}

/** `deploy-loop rerun SERVICE`: validates a revision again, with the applied config. */
export function rerunCommand(io: CliIo): Command {
  return new Command('rerun')
    .description('validate a revision again, with the applied config')
    .argument('<service>', 'the service, by name in the config')
    .option(
      '--revision <name>',
      'the revision (default: the one with the most traffic)',
      parseOption(RevisionNameSchema),
    )
    .addOption(whyOption)
    .addOption(asOption)
    .addOption(dryRunOption)
    .addOption(timeoutOption)
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action((name: string, _options, command: Command) =>
      rerun(name, command.optsWithGlobals<RerunOptions>(), io),
    );
}

async function rerun(name: string, options: RerunOptions, io: CliIo): Promise<void> {
  assertRecordsNamed(options);
  const { dryRun = false } = options;
  const request = readAudit(options, io);
  await withLoop(options, io, { mustExist: true, readOnly: dryRun }, async (loop) => {
    const { store, run } = loop.ports;
    const service = await resolveService(name, store);
    await assertConfigured(service, loop.ports);
    const state = await readService(service, run);
    await assertRevision(service, options.revision, run);
    const revision = options.revision ?? servingMost(state);
    if (revision === undefined)
      throw new BadInputError(`${name} has no traffic: specify the revision with --revision`);
    if (dryRun) return preview(service, revision, state, loop, options.json === true, io);
    const running = await begin(service, revision, request, loop);
    const reports = await Promise.all(loop.runIds().map((runId) => reportRun(store, runId)));
    await concludeRuns(
      reports.filter((report) => report !== undefined),
      options,
      async () => running ?? 'the revision no longer exists, or the config has changed',
      io,
    );
  });
}

/** @throws {BadInputError} the applied config does not contain the service */
async function assertConfigured({ name, ref }: KnownService, { store }: Ports): Promise<void> {
  const bound = await loadCurrentConfig(store);
  if (!bound) throw new BadInputError('no config has been applied: run deploy-loop apply FILE first');
  const isWatched = bound.config.services.some(
    ({ project, region, service }) =>
      project === ref.project && region === ref.region && service === ref.service,
  );
  if (!isWatched)
    throw new BadInputError(
      `the applied config does not contain ${name}: add it and run deploy-loop apply FILE`,
    );
}

/** What a dry run prints; traffic stays as it is until the run has decided. */
async function preview(
  service: KnownService,
  revision: RevisionName,
  state: ServiceState,
  { ports }: Loop,
  json: boolean,
  io: CliIo,
): Promise<void> {
  const next = await nextAttempt(service.ref, revision, 'rerun', ports);
  const attempt = next.kind === 'open' ? next.attempt : undefined;
  if (json) return printDocument(rerunPreviewDocument(service, revision, attempt, state.traffic), io);
  const what =
    next.kind === 'open'
      ? `attempt ${next.attempt} on ${revision} would start`
      : `a run of ${revision} is in progress`;
  io.stdout.write(`${formatTraffic(state, state.traffic)}\n${what}; nothing was written\n`);
}

/** @returns why no run was started; undefined: one was, and has ended */
async function begin(
  { ref }: KnownService,
  revision: RevisionName,
  request: { readonly actor: string; readonly why: string },
  { ports, finish }: Loop,
): Promise<string | undefined> {
  const next = await nextAttempt(ref, revision, 'rerun', ports);
  if (next.kind === 'running') return `run ${next.runId} of ${revision} is in progress`;
  if (next.kind === 'none') return `${revision} needs no further run`;
  const { attempt } = next;
  await finish(() =>
    ports.bus.publish('begin-validation', {
      kind: 'revision',
      ref,
      revision,
      openedBy: 'rerun',
      attempt,
      request,
    }),
  );
  return undefined;
}
