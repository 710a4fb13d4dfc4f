import { z } from 'zod';
import {
  builtInDefaults,
  ConfigFileSchema,
  type ServiceConfig,
  ServiceConfigSchema,
  withCurrentKeys,
} from '../../contracts/config.ts';
import { mergeSettings } from '../../contracts/merge-settings.ts';
import { TlsFileSchema } from '../../contracts/reach/further-urls.ts';
import type { ConfigPath } from './config-path.ts';
import { explainIssues } from './explain/explain-issue.ts';
import type { Finding } from './finding.ts';
import { type ReadNamedFile, readAuthorities } from './read-authorities.ts';

const { defaults, services } = ConfigFileSchema.shape;

/** The keys without a possible default. */
const placeKeys = ['project', 'region'] as const;

/** The valid parts of a file: a broken service is null, and the others are still checked. */
const SoundParts = z.object({ defaults, services: z.array(services.element.nullable().catch(null)) });

export interface ResolvedService {
  /** Its place in the file's list. */
  readonly index: number;
  readonly service: ServiceConfig;
}

/** Fills in the defaults of each sound service (built-in ones, then the file's, then its own) and what its files hold. */
export function resolveServices(
  value: unknown,
  readFile: ReadNamedFile,
): { services: ResolvedService[]; findings: Finding[] } {
  const resolved: ResolvedService[] = [];
  const findings: Finding[] = [];
  const sound = SoundParts.safeParse(value);
  for (const [index, settings] of sound.data?.services.entries() ?? []) {
    if (settings === null) continue;
    const named = { ...settings, service: settings.service ?? settings.name };
    const defaults = withCurrentKeys(sound.data?.defaults ?? {});
    const { tls, ...own } = mergeSettings(mergeSettings(builtInDefaults, defaults), withCurrentKeys(named));
    const root = settings.tls ? ['services', index] : ['defaults'];
    const trusted = resolveTls(tls, [...root, 'tls', 'caFile'], readFile);
    if (trusted.finding) findings.push(trusted.finding);
    const missing = placeKeys.filter((key) => own[key] === undefined).map((key) => missingPlace(index, key));
    const service = ServiceConfigSchema.safeParse({ ...own, ...trusted.settings }, { reportInput: true });
    if (service.success) resolved.push({ index, service: service.data });
    else if (missing.length > 0) findings.push(...missing);
    // Reached only by a name that is not a Cloud Run name: it is the default of `service`.
    else findings.push(...explainIssues(service.error.issues, ['services', index]));
  }
  return { services: resolved, findings };
}

/** @param tls sound by itself: a file's name, or nothing */
function resolveTls(
  tls: unknown,
  path: ConfigPath,
  readFile: ReadNamedFile,
): { settings?: Pick<ServiceConfig, 'tls'>; finding?: Finding } {
  const named = TlsFileSchema.safeParse(tls);
  if (!named.success) return {};
  const { caFile } = named.data;
  try {
    return { settings: { tls: { ca: readAuthorities(caFile, readFile) } } };
  } catch (error) {
    const fix = 'name a PEM file with the certificates of the authorities, relative to the config file';
    return { finding: { path, message: error instanceof Error ? error.message : String(error), fix } };
  }
}

function missingPlace(index: number, key: string): Finding {
  return {
    path: ['services', index, key],
    message: 'is missing',
    fix: `add \`${key}:\` here or to \`defaults\``,
  };
}
