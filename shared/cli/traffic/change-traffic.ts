import { documentIn } from '../../contracts/document.ts';
import type { EffectRecord, IntentRecord } from '../../contracts/records.ts';
import { intents, outbox, services } from '../../contracts/records.ts';
import { TransientError } from '../../domain/errors.ts';
import type { EffectId } from '../../domain/ids.ts';
import type { ManualKind } from '../../domain/traffic/plan-manual.ts';
import { manualDocument } from '../../output/manual-output.ts';
import type { Store } from '../../ports/store.ts';
import { requestManually } from '../../services/traffic/request-manually.ts';
import { trafficCommand } from '../../wording/traffic-command.ts';
import type { CliIo } from '../cli-io.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { type ExitCode, exitCodes } from '../exit/exit-codes.ts';
import { printDocument } from '../exit/print-document.ts';
import { readAudit } from '../options/audit-options.ts';
import { assertRecordsNamed, recordsOptionsOf, type StoreOptions } from '../options/store-options.ts';
import { assertRevision, readService } from '../select/named-revision.ts';
import { type KnownService, resolveService } from '../select/resolve-service.ts';
import { withLoop } from '../with-loop.ts';
import type { ManualOptions } from './manual-command.ts';
import { previewManual } from './preview-manual.ts';

/** Makes a manual traffic change, and reports its outcome. */
export async function changeTraffic(
  kind: ManualKind,
  name: string,
  options: ManualOptions,
  io: CliIo,
): Promise<void> {
  assertRecordsNamed(options);
  const { dryRun = false, force = false, json = false } = options;
  const revision = options.to ?? options.revision;
  const request = { ...readAudit(options, io), revision, force };
  await withLoop(options, io, { mustExist: true, readOnly: dryRun }, async ({ ports, finish }) => {
    const service = await resolveService(name, ports.store);
    const state = await readService(service, ports.run);
    await assertRevision(service, revision, ports.run);
    const { ref } = service;
    if (dryRun) return previewManual({ kind, ref, request }, service, state, { json }, ports, io);
    const effectId = await finish(() => requestManually({ kind, ref, request }, ports));
    const undoPin = unpinCommand(name, options);
    await conclude(effectId, service, ports.store, { json, undoPin }, io);
  });
}

async function conclude(
  effectId: EffectId,
  service: KnownService,
  store: Store,
  { json, undoPin }: { readonly json: boolean; readonly undoPin: string },
  io: CliIo,
): Promise<void> {
  const effect = (await store.get(documentIn(outbox, effectId)))?.data;
  if (!effect) throw new TransientError(`the record of effect ${effectId} cannot be read`);
  const change = await acceptedChange(effectId, store);
  const undo = effect.state === 'done' ? undoOf(effect, change, undoPin) : undefined;
  const { state, outcome } = effect;
  const code = exitCodeOfEffect(effect);
  if (json) {
    const pin = (await store.get(documentIn(services, service.serviceKey)))?.data.pin;
    return printDocument(manualDocument({ effectId, effect, service, change, pin, undo }, code), io);
  }
  const lines = [
    ['outcome', `${state}: ${outcome?.text ?? ''}`],
    ...(undo === undefined ? [] : [['undo', undo]]),
    ['effect', effectId],
  ];
  io.stdout.write(`\n${lines.map(([head = '', text]) => `${head.padEnd(9)}${text}\n`).join('')}`);
  if (code !== exitCodes.pass) throw new CommandExit(code);
}

/** The records know of the pin, and `gcloud` does not. */
function undoOf(
  { ref, kind }: EffectRecord,
  change: IntentRecord | undefined,
  undoPin: string,
): string | undefined {
  if (kind === 'pin') return undoPin;
  return change && trafficCommand(ref, change.before);
}

function exitCodeOfEffect({ state }: EffectRecord): ExitCode {
  if (state === 'done') return exitCodes.pass;
  return state === 'skipped' ? exitCodes.refused : exitCodes.inconclusive;
}

async function acceptedChange(effectId: EffectId, store: Store): Promise<IntentRecord | undefined> {
  const found = await store.find({ collection: intents, where: [['effectId', '==', effectId]], limit: 100 });
  return found.find((intent) => intent.data.outcome === 'accepted')?.data;
}

function unpinCommand(name: string, options: StoreOptions): string {
  return `deploy-loop unpin ${name} --why TEXT ${recordsOptionsOf(options)}`;
}
