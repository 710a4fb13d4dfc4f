import { type Sarif, SarifSchema } from '../../contracts/audits/sarif.ts';
import { scanOfSarif } from '../../contracts/audits/scan-of-sarif.ts';
import { dirtyFiles, type Scan } from '../../domain/audits/scan.ts';
import { describeError } from '../../domain/errors.ts';
import { shortened } from '../../domain/render/excerpt.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { readTextFile } from './read-text-file.ts';

const maxMebibytes = 64;
const maxFindings = 5_000;
/** Within the size of a document, with room for its names. */
const maxScanBytes = 900_000;
const shownLength = 200;

/**
 * The findings in SARIF files of one build.
 * @param files the number of all files that were scanned; undefined: as far as the SARIF files say it
 * @throws {BadInputError} with the file, and the place in it
 */
export async function readSarif(
  names: readonly string[],
  files: number | undefined,
  cwd: string,
): Promise<Scan> {
  const sarifs: Sarif[] = [];
  for (const name of names) sarifs.push(await readOne(name, cwd));
  const scan = scanOfSarif(sarifs, files);
  const dirty = dirtyFiles(scan).size;
  if (files !== undefined && files < dirty)
    throw new BadInputError(`--files ${files}: ${dirty} files have findings`);
  const size = Buffer.byteLength(JSON.stringify(scan));
  if (scan.findings.length > maxFindings || size > maxScanBytes)
    throw new BadInputError(
      `${names.join(', ')}: ${scan.findings.length} findings, more than can be compared (${maxFindings}, ${maxScanBytes} bytes): let the tool report fewer rules or levels`,
    );
  return scan;
}

async function readOne(name: string, cwd: string): Promise<Sarif> {
  const value = parseJson(await readTextFile(name, cwd, maxMebibytes), name);
  const parsed = SarifSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.length ? `${name}: ${shortened(issue.path.join('.'), shownLength)}` : name;
  throw new BadInputError(`${place}: ${issue?.message ?? 'cannot be read'}; expected a log of SARIF 2.1.0`);
}

function parseJson(text: string, name: string): unknown {
  try {
    // Some tools begin their files with a byte order mark, which the decoder has removed.
    return JSON.parse(text);
  } catch (cause) {
    throw new BadInputError(`${name}: not JSON: ${shortened(describeError(cause), shownLength)}`, { cause });
  }
}
