import { documentIn } from '../../contracts/document.ts';
import { killSwitch, services } from '../../contracts/records.ts';
import type { EffectId } from '../../domain/ids.ts';
import { assertDocumentId, serviceKeyOf } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import { pinAfterManual } from '../../domain/traffic/manual-change.ts';
import { dropTagsOfDeleted } from '../../domain/traffic/plan-traffic.ts';
import { reason } from '../../domain/verdict.ts';
import { type ManualPreview, manualPreviewDocument } from '../../output/manual-output.ts';
import type { Ports } from '../../ports/ports.ts';
import { withKnownPin } from '../../services/records/known-pin.ts';
import { findConfig } from '../../services/records/load-config.ts';
import { loadControl, whyKilled } from '../../services/records/load-controls.ts';
import { judgeManual } from '../../services/traffic/judge-manual.ts';
import type { ManualRequest } from '../../services/traffic/request-manually.ts';
import { describePin } from '../../wording/describe-pin.ts';
import { formatTraffic } from '../../wording/format-traffic.ts';
import type { CliIo } from '../cli-io.ts';
import { CommandExit } from '../exit/command-exit.ts';
import { exitCodes } from '../exit/exit-codes.ts';
import { printDocument } from '../exit/print-document.ts';
import type { KnownService } from '../select/resolve-service.ts';

/** Shows the effect of a manual change on the current state of a service. Writes nothing, not even a record. */
export async function previewManual(
  request: ManualRequest,
  service: KnownService,
  state: ServiceState,
  { json }: { readonly json: boolean },
  ports: Ports,
  io: CliIo,
): Promise<void> {
  const preview = await plan(request, state, ports);
  const code = preview.kind === 'refused' ? exitCodes.refused : exitCodes.pass;
  if (json) return printDocument(manualPreviewDocument(request.kind, service, preview, code), io);
  io.stdout.write(describe(request, preview, state));
  if (code !== exitCodes.pass) throw new CommandExit(code);
}

async function plan(
  { kind, ref, request }: ManualRequest,
  state: ServiceState,
  ports: Ports,
): Promise<ManualPreview> {
  const killed = await loadControl(killSwitch, ports.store);
  if (killed) {
    return { kind: 'refused', reason: reason('killed', whyKilled(killed.data)) };
  }
  const planned = await judgeManual(kind, request, state, ports);
  if (planned.kind === 'refused') return planned;
  const alive = new Set((await ports.run.listRevisions(ref)).map((revision) => revision.name));
  const written = {
    before: state.traffic,
    after: dropTagsOfDeleted(planned.traffic, (revision) => alive.has(revision)),
    target: planned.target,
  };
  const stored = await ports.store.get(documentIn(services, serviceKeyOf(ref)));
  const known = withKnownPin(state, stored?.data);
  const effectId = assertDocumentId('manual.dry-run') as EffectId;
  const pin = pinAfterManual(
    effectId,
    kind,
    written,
    known?.pin,
    (await findConfig(ref, ports))?.mode ?? 'guard',
    ports.clock.now(),
  );
  return { ...written, kind: 'write', pin };
}

function describe({ kind, ref }: ManualRequest, preview: ManualPreview, state: ServiceState): string {
  if (preview.kind === 'refused')
    return `${kind} of ${ref.service} would be refused: ${preview.reason.text}\n`;
  const pin = preview.pin ? describePin(preview.pin) : 'none';
  return `${formatTraffic(state, preview.after)}\npin      ${pin}\n\nNothing was written: run again without --dry-run to apply.\n`;
}
