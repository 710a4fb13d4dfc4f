import { type ParsedConfig, parseConfig } from '../../config/parse-config.ts';
import { readTextFile } from './read-text-file.ts';

/**
 * Reads and checks a config file.
 *
 * @throws {BadInputError} there is no such file, or it is no text
 * @throws {ConfigError} it is no config, with every fault
 */
export async function readConfigFile(file: string, cwd: string): Promise<ParsedConfig> {
  return parseConfig(await readTextFile(file, cwd), file);
}
