import { dirname, resolve } from 'node:path';
import { type ParsedConfig, parseConfig } from '../../config/parse-config.ts';
import { readTextFile, readTextNow } from './read-text-file.ts';

/**
 * Reads and checks a config file, with the files that it names beside it.
 *
 * @throws {BadInputError} the file is missing or is not text
 * @throws {ConfigError} the config is invalid; lists every fault
 */
export async function readConfigFile(file: string, cwd: string): Promise<ParsedConfig> {
  const folder = dirname(resolve(cwd, file));
  return parseConfig(await readTextFile(file, cwd), file, (path) => readTextNow(path, folder));
}
