import { type Config, ConfigFileSchema, ConfigSchema } from '../contracts/config.ts';
import { ConfigDigestSchema } from '../contracts/id-schemas.ts';
import { type ConfigDigest, hashOf } from '../domain/ids.ts';
import { canonicalJson } from '../domain/json.ts';
import { ConfigError } from './config-error.ts';
import type { ConfigFault } from './config-fault.ts';
import { checkGroups } from './file/check-groups.ts';
import { checkGrpc } from './file/check-grpc.ts';
import { checkServices } from './file/check-services.ts';
import { explainIssues } from './file/explain/explain-issue.ts';
import type { Finding } from './file/finding.ts';
import type { ReadNamedFile } from './file/read-authorities.ts';
import { readYaml } from './file/read-yaml.ts';
import { resolveServices } from './file/resolve-services.ts';
import type { SourceMap } from './file/source-map.ts';
import { warnServices } from './file/warn-services.ts';

export interface ParsedConfig {
  /** With every default filled in. */
  readonly config: Config;
  /** Equal for files with the same meaning. */
  readonly digest: ConfigDigest;
  /** Settings that are allowed but are probably a mistake. */
  readonly warnings: readonly ConfigFault[];
}

/**
 * Reads a config file.
 *
 * @param fileName only for messages
 * @param readFile reads a file that the config names
 * @param now for warnings of what has ended; undefined: there are none
 * @throws {ConfigError} with all independent faults, in the order of the file
 */
export function parseConfig(
  text: string,
  fileName: string,
  readFile: ReadNamedFile = refuseFiles,
  now?: Date,
): ParsedConfig {
  const { value, source, faults } = readYaml(text, fileName);
  const checked = ConfigFileSchema.safeParse(value, { reportInput: true });
  const resolved = resolveServices(value, readFile);
  const { groups, findings: groupFindings } = checkGroups(value);
  const findings = [
    ...explainIssues(checked.error?.issues ?? []),
    ...resolved.findings,
    ...checkServices(resolved.services, source),
    ...checkGrpc(resolved.services, source),
    ...groupFindings,
  ];
  const all = inOrder([...faults, ...locate(findings, source)]);
  if (all.length > 0) throw new ConfigError(all);

  const services = resolved.services.map(({ service }) => service);
  const config = ConfigSchema.parse({ version: 1, services, ...(groups && { groups }) });
  return {
    config,
    digest: digestOfConfig(config),
    warnings: inOrder(
      locate(warnServices(resolved.services, source, now?.toISOString().slice(0, 10)), source),
    ),
  };
}

function refuseFiles(path: string): never {
  throw new Error(`${path} cannot be read here: files are read by the command line only`);
}

/** The digest of a config's content. */
export function digestOfConfig(config: Config): ConfigDigest {
  return ConfigDigestSchema.parse(hashOf(canonicalJson(config)));
}

/** A fault in `defaults` occurs once per service that inherits it; it is reported once. */
function locate(findings: readonly Finding[], source: SourceMap): readonly ConfigFault[] {
  const faults = findings.map((finding) => source.locate(finding));
  return [...new Map(faults.map((fault) => [`${fault.path} ${fault.message}`, fault])).values()];
}

function inOrder(faults: readonly ConfigFault[]): readonly ConfigFault[] {
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
