import { digestOfConfig, type ParsedConfig } from '../../config/parse-config.ts';
import { isInFocus } from '../../domain/checks/is-in-focus.ts';
import { BadInputError } from '../exit/bad-input-error.ts';

/**
 * The config with another focus for this one run, which is then bound to it as to any config.
 * @param only the name of the service that is meant; absent: all are
 * @throws {BadInputError} no suite is in it: a run without checks would say nothing of what was asked for
 */
export function withFocus(parsed: ParsedConfig, focus: string | undefined, only?: string): ParsedConfig {
  if (focus === undefined) return parsed;
  const services = parsed.config.services.map((service) => ({
    ...service,
    tests: { ...service.tests, focus },
  }));
  const meant = services.filter(({ name }) => only === undefined || name === only);
  const tested = meant.filter(({ suites }) => suites.length > 0);
  const without = tested.find(({ suites }) => !suites.some((suite) => isInFocus(suite, focus)));
  if (tested.length === 0) throw new BadInputError('--focus selects suites, but the config has none');
  if (without) throw new BadInputError(`--focus ${focus}: no suite of ${without.name} matches`);
  const config = { ...parsed.config, services };
  return { ...parsed, config, digest: digestOfConfig(config) };
}
