import { dirname, resolve } from 'node:path';
import { type ConfigFault, formatFault } from '../../config/config-fault.ts';
import { type ParsedConfig, parseConfig } from '../../config/parse-config.ts';
import type { CliIo } from '../cli-io.ts';
import { readTextFile, readTextNow } from './read-text-file.ts';

/**
 * Reads and checks a config file, with the files that it names beside it.
 *
 * @throws {BadInputError} the file is missing or is not text
 * @throws {ConfigError} the config is invalid; lists every fault
 */
export async function readConfigFile(
  file: string,
  { cwd, now }: Pick<CliIo, 'cwd' | 'now'>,
): Promise<ParsedConfig> {
  const folder = dirname(resolve(cwd, file));
  const text = await readTextFile(file, cwd);
  return parseConfig(text, file, (path) => readTextNow(path, folder), now?.());
}

/** The same, for a command that works with the config: its warnings go to stderr. */
export async function readConfigTold(
  file: string,
  io: Pick<CliIo, 'cwd' | 'now' | 'stderr'>,
): Promise<ParsedConfig> {
  const parsed = await readConfigFile(file, io);
  for (const warning of parsed.warnings) io.stderr.write(`${formatWarning(warning)}\n`);
  return parsed;
}

function formatWarning(warning: ConfigFault): string {
  return formatFault({ ...warning, message: `warning: ${warning.message}` });
}
