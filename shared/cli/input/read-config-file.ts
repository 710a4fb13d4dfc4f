import { type ParsedConfig, parseConfig } from '../../config/parse-config.ts';
import { readTextFile } from './read-text-file.ts';

/**
 * Reads and checks a config file.
 *
 * @throws {BadInputError} the file is missing or is not text
 * @throws {ConfigError} the config is invalid; lists every fault
 */
export async function readConfigFile(file: string, cwd: string): Promise<ParsedConfig> {
  return parseConfig(await readTextFile(file, cwd), file);
}
