import { digestOfConfig, type ParsedConfig } from '../../config/parse-config.ts';
import { AuditsSchema } from '../../contracts/audits/audits-config.ts';

/**
 * Whoever gives findings wants them judged: services whose config names no `audits.compliance` get its defaults.
 * @param sarif the names of the files with the findings; undefined: none are given
 */
export function withScan(parsed: ParsedConfig, sarif: readonly string[] | undefined): ParsedConfig {
  if (sarif === undefined || parsed.config.services.every(({ audits }) => audits?.compliance)) return parsed;
  const services = parsed.config.services.map((service) => ({
    ...service,
    audits: AuditsSchema.parse({ compliance: {}, ...service.audits }),
  }));
  const config = { ...parsed.config, services };
  return { ...parsed, config, digest: digestOfConfig(config) };
}
