import { digestOfConfig, type ParsedConfig } from '../../config/parse-config.ts';
import type { ServiceConfig } from '../../contracts/config.ts';
import { isInFocus } from '../../domain/checks/is-in-focus.ts';
import { BadInputError } from '../exit/bad-input-error.ts';

/**
 * Returns the config with another focus. The run is bound to this config as to any other.
 * @param only the name of the selected service; absent: all services
 * @throws {BadInputError} the focus selects no suite: a run without checks would not test what was asked for
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
  if (without)
    throw new BadInputError(
      `--focus ${focus}: no suite of ${without.name} matches (there are: ${describeSuites(without.suites)})`,
    );
  const config = { ...parsed.config, services };
  return { ...parsed, config, digest: digestOfConfig(config) };
}

/** `shop (P1, category:checkout, tag:smoke), …`: what a focus may name. */
function describeSuites(suites: ServiceConfig['suites']): string {
  return suites
    .map(({ name, priority, category, tags }) => {
      const marks = [
        `priority:${priority}`,
        ...(category === undefined ? [] : [`category:${category}`]),
        ...tags.map((tag) => (tag === 'golden-path' ? tag : `tag:${tag}`)),
      ];
      return `${name}: ${marks.join(' ')}`;
    })
    .join('; ');
}
