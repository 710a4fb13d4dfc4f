import { z } from 'zod';
import type { RevisionSettings } from '../../domain/diagnosis/revision-settings.ts';

/** What Cloud Run says of every revision, and what it says about its state: no setting of its owner. */
const notSettings = new Set([
  'annotations',
  'conditions',
  'createTime',
  'creator',
  'deleteTime',
  'etag',
  'expireTime',
  'generation',
  'launchStage',
  'logUri',
  'name',
  'observedGeneration',
  'reconciling',
  'satisfiesPzs',
  'scalingStatus',
  'service',
  'uid',
  'updateTime',
]);

const Answer = z.record(z.string(), z.unknown());
const EnvVar = z.looseObject({
  name: z.string(),
  value: z.string().nullish(),
  valueSource: z
    .looseObject({
      secretKeyRef: z.looseObject({ secret: z.string().nullish(), version: z.string().nullish() }).nullish(),
    })
    .nullish(),
});
const Named = z.looseObject({ name: z.string().min(1) });
const Span = z.strictObject({ seconds: z.union([z.string(), z.number(), z.object({})]), nanos: z.number() });

/** The longest path that is read; a revision is no deeper. */
const maxDepth = 12;

/**
 * All settings of a google.cloud.run.v2.Revision, flattened. Those of the first container stand without its name.
 * @throws {z.ZodError} the answer is not what the API promises
 */
export function parseGoogleSettings(answer: unknown): RevisionSettings {
  const fields = Object.entries(Answer.parse(answer)).filter(([name]) => !notSettings.has(name));
  return new Map(
    fields.flatMap(([name, value]) => (name === 'containers' ? containers(value) : flat(name, value, 0))),
  );
}

type Setting = readonly [name: string, value: string];

function containers(value: unknown): readonly Setting[] {
  const all = z.array(Answer).parse(value ?? []);
  return all.flatMap(({ name, ...container }, n) => {
    const prefix = n === 0 ? '' : `containers.${String(name || n)}.`;
    return Object.entries(container).flatMap(([field, item]) =>
      field === 'env' ? environment(`${prefix}env`, item) : flat(`${prefix}${field}`, item, 0),
    );
  });
}

function environment(prefix: string, value: unknown): readonly Setting[] {
  return z
    .array(EnvVar)
    .parse(value ?? [])
    .map(({ name, value: text, valueSource }) => {
      const secret = valueSource?.secretKeyRef;
      const shown = secret ? `secret ${secret.secret ?? ''}:${secret.version ?? 'latest'}` : (text ?? '');
      return [`${prefix}.${name}`, shown];
    });
}

/** Proto3 sends what is not set as empty, zero or false: these are no settings. */
function flat(path: string, value: unknown, depth: number): readonly Setting[] {
  if (
    depth > maxDepth ||
    value === null ||
    value === undefined ||
    value === '' ||
    value === 0 ||
    value === false
  )
    return [];
  if (typeof value !== 'object') return [[path, String(value)]];
  const span = Span.safeParse(value);
  if (span.success) return [[path, `${String(span.data.seconds)} s`]];
  if (Array.isArray(value))
    return value.flatMap((item, n) => flat(`${path}.${nameOf(item) ?? n}`, item, depth + 1));
  return Object.entries(value).flatMap(([name, item]) => flat(`${path}.${name}`, item, depth + 1));
}

function nameOf(item: unknown): string | undefined {
  return Named.safeParse(item).data?.name;
}
