import { stringify } from 'yaml';
import { type ParsedConfig, parseConfig } from '../../config/parse-config.ts';
import type { ServiceConfig } from '../../contracts/config.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { readConfigTold } from '../input/read-config-file.ts';
import { nearestOf } from './describe-unknown.ts';

interface Selection {
  readonly config?: string;
  readonly project?: string;
  readonly region?: string;
  readonly service?: string;
}

/**
 * The config that the options name, and the selected service in it; without a file, built-in values for the service.
 * @throws {BadInputError} the options select no service, or several
 * @throws {ConfigError} the config is invalid
 */
export async function selectService(
  options: Selection,
  io: CliIo,
): Promise<ParsedConfig & { readonly service: ServiceConfig | undefined }> {
  const parsed = options.config === undefined ? builtIn(options) : await readConfigTold(options.config, io);
  if (options.service === undefined) return { ...parsed, service: undefined };
  const matching = parsed.config.services.filter(
    ({ name, service, project, region }) =>
      (service === options.service || name === options.service) &&
      (options.project ?? project) === project &&
      (options.region ?? region) === region,
  );
  const [service, ...others] = matching;
  if (!service)
    throw new BadInputError(
      `${options.config} has no service ${options.service}${placeOf(options)}${nearestOf(
        options.service,
        parsed.config.services.map(({ name }) => name),
      )}`,
    );
  if (others.length > 0)
    throw new BadInputError(
      `${options.config} has several services named ${options.service}: add --project and --region`,
    );
  return { ...parsed, service };
}

/** Where the service was looked for, if the options restrict it. */
function placeOf({ project, region }: Selection): string {
  const named = [project, region].filter((part) => part !== undefined);
  return named.length === 0 ? '' : ` in ${named.join(' / ')}`;
}

function builtIn({ project, region, service }: Selection): ParsedConfig {
  const missing = Object.entries({ project, region, service }).filter(([, value]) => value === undefined);
  if (missing.length > 0) {
    const names = missing.map(([name]) => `--${name}`).join(', ');
    throw new BadInputError(
      `${names} ${missing.length === 1 ? 'is' : 'are'} missing: specify the service, or a --config that contains it`,
    );
  }
  return parseConfig(
    stringify({ version: 1, services: [{ name: service, project, region }] }),
    'built-in config',
  );
}
