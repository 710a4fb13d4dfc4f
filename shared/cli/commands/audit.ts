import { Command } from 'commander';
import { documentIn } from '../../contracts/document.ts';
import { BuildIdSchema } from '../../contracts/id-schemas.ts';
import { builds, scans } from '../../contracts/records.ts';
import { dirtyFiles, type Scan } from '../../domain/audits/scan.ts';
import type { BuildId } from '../../domain/ids.ts';
import { canonicalJson } from '../../domain/json.ts';
import { countOf } from '../../domain/render/count-of.ts';
import { scanDocument } from '../../output/audits-output.ts';
import { createOnce } from '../../ports/create-once.ts';
import type { Store } from '../../ports/store.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { parseOption } from '../options/parse-option.ts';
import { filesOption, readScan, type ScanOptions, sarifOption } from '../options/scan-options.ts';
import { firestoreOption, recordsOption, type StoreOptions } from '../options/store-options.ts';
import { withStore } from '../with-store.ts';

interface AuditCommandOptions extends StoreOptions, ScanOptions {
  readonly build: BuildId;
  readonly json?: true;
}

/** `deploy-loop audit --sarif FILE --build BUILD`: stores what static analysis found in the sources of a build. */
export function auditCommand(io: CliIo): Command {
  return new Command('audit')
    .description('store the findings of static analysis for a build, before the build ends')
    .addOption(sarifOption().makeOptionMandatory())
    .requiredOption('--build <id>', 'the Cloud Build build', parseOption(BuildIdSchema))
    .addOption(filesOption)
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action((_options, command: Command) => audit(command.optsWithGlobals<AuditCommandOptions>(), io));
}

async function audit(options: AuditCommandOptions, io: CliIo): Promise<void> {
  const { build, json } = options;
  const read = await readScan(options, io);
  if (!read) throw new BadInputError('specify the findings: --sarif FILE');
  const isNew = await withStore(options, io, (store) => storeScan(build, read.scan, store), {
    readOnly: false,
  });
  if (json) return printDocument(scanDocument(build, isNew, read.scan), io);
  io.stdout.write(`${describeScan(read.scan)}${isNew ? '' : ': stored before'}\n`);
}

/**
 * Stores the findings, once.
 * @returns false: the same were stored before
 * @throws {BadInputError} others were stored before, or the build was handled without them
 */
async function storeScan(build: BuildId, scan: Scan, store: Store): Promise<boolean> {
  const ref = documentIn(scans, build);
  const known = await store.get(ref);
  if (!known && (await store.get(documentIn(builds, build))))
    throw new BadInputError(
      `build ${build} has ended and is being validated without findings: store them in a step of the build`,
    );
  if (!known && (await createOnce(store, ref, scan))) return true;
  const stored = known ?? (await store.get(ref));
  if (stored && isSame(stored.data, scan)) return false;
  throw new BadInputError(`build ${build} has other findings on record: give all SARIF files at once`);
}

function isSame(a: Scan, b: Scan): boolean {
  const keysOf = ({ findings }: Scan) => findings.map(({ key }) => key).sort();
  return a.files === b.files && canonicalJson(keysOf(a)) === canonicalJson(keysOf(b));
}

function describeScan(scan: Scan): string {
  const of = scan.files === undefined ? 'files' : `of ${countOf(scan.files, 'file')}`;
  return `${countOf(scan.findings.length, 'finding')} in ${dirtyFiles(scan).size} ${of}`;
}
