import { InvalidArgumentError, Option } from 'commander';
import { ScanIdSchema } from '../../contracts/id-schemas.ts';
import type { Scan } from '../../domain/audits/scan.ts';
import { hashOf, type ScanId } from '../../domain/ids.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { readSarif } from '../input/read-sarif.ts';

export interface ScanOptions {
  readonly sarif?: readonly string[];
  readonly files?: number;
}

/** Each command has its own: one of them may be mandatory. */
export function sarifOption(): Option {
  return new Option(
    '--sarif <file>',
    'findings of static analysis, in SARIF 2.1.0; several files: once for each',
  ).argParser((file: string, before: readonly string[] = []) => [...before, file]);
}

export const filesOption = new Option(
  '--files <n>',
  'the number of all files that were analysed (default: as far as the SARIF files list them)',
).argParser((text: string): number => {
  const files = Number(text);
  if (!Number.isInteger(files) || files < 1 || files > 10_000_000)
    throw new InvalidArgumentError('a whole number from 1');
  return files;
});

/** A scan, and its name where no build has one. */
export interface ReadScan {
  readonly id: ScanId;
  readonly scan: Scan;
}

/**
 * What the options name; undefined: nothing.
 * @throws {BadInputError} a file cannot be used
 */
export async function readScan(
  { sarif = [], files }: ScanOptions,
  { cwd }: Pick<CliIo, 'cwd'>,
): Promise<ReadScan | undefined> {
  if (sarif.length === 0) {
    if (files !== undefined) throw new BadInputError('--files needs --sarif FILE');
    return undefined;
  }
  const scan = await readSarif(sarif, files, cwd);
  return { id: ScanIdSchema.parse(hashOf(canonicalJson(scan))), scan };
}
