import { z } from 'zod';
import {
  builtInDefaults,
  ConfigFileSchema,
  type ServiceConfig,
  ServiceConfigSchema,
  withCurrentKeys,
} from '../../contracts/config.ts';
import { mergeSettings } from '../../contracts/merge-settings.ts';
import { explainIssue } from './explain-issue.ts';
import type { Finding } from './finding.ts';

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

/** Fills in the defaults of each valid service: built-in ones, then the file's, then its own values. */
export function resolveServices(value: unknown): { services: ResolvedService[]; findings: Finding[] } {
  const resolved: ResolvedService[] = [];
  const findings: Finding[] = [];
  const sound = SoundParts.safeParse(value);
  for (const [index, settings] of sound.data?.services.entries() ?? []) {
    if (settings === null) continue;
    const named = { ...settings, service: settings.service ?? settings.name };
    const defaults = withCurrentKeys(sound.data?.defaults ?? {});
    const own = mergeSettings(mergeSettings(builtInDefaults, defaults), withCurrentKeys(named));
    const missing = placeKeys.filter((key) => own[key] === undefined).map((key) => missingPlace(index, key));
    const service = ServiceConfigSchema.safeParse(own, { reportInput: true });
    if (service.success) resolved.push({ index, service: service.data });
    else if (missing.length > 0) findings.push(...missing);
    else findings.push(...service.error.issues.flatMap(explainIssue).map((finding) => under(index, finding)));
  }
  return { services: resolved, findings };
}

function missingPlace(index: number, key: string): Finding {
  return {
    path: ['services', index, key],
    message: 'is missing',
    fix: `add \`${key}:\` here or to \`defaults\``,
  };
}

/** Reached only by a name that is not a Cloud Run name: it is the default of `service`. */
function under(index: number, finding: Finding): Finding {
  return { ...finding, path: ['services', index, ...finding.path] };
}
