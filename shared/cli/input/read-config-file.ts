import { dirname, resolve } from 'node:path';
import { type ParsedConfig, parseConfig } from '../../config/parse-config.ts';
import { readTextFile, readTextNow } from './read-text-file.ts';

/**
 * Reads and checks a config file, with the files that it names beside it.
 *
 * @throws {BadInputError} there is no such file, or it is no text
 * @throws {ConfigError} it is no config, with every fault
 */
export async function readConfigFile(file: string, cwd: string): Promise<ParsedConfig> {
  const folder = dirname(resolve(cwd, file));
  return parseConfig(await readTextFile(file, cwd), file, (path) => readTextNow(path, folder));
}
