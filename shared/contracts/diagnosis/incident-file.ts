import { z } from 'zod';
import type { Evidence, EvidenceSource, Incident, RevisionChange } from '../../domain/diagnosis/evidence.ts';

const maxEntries = 20_000;

/** A word of a tool's choice; several tools' words for the same are taken. */
const Word = z.string().max(200).optional();

const EntrySchema = z.union([
  z.string().transform((line) => ({ line })),
  z.object({
    line: z.string(),
    severity: Word,
    source: Word,
    logSource: Word,
    kind: Word,
    timestamp: z.string().max(100).optional(),
  }),
]);

/**
 * A failure in a file, for `deploy-loop diagnose --evidence`: what was noticed, the lines that were found, the settings
 * in which the revision differs from stable, and whether users reach it.
 */
export const IncidentFileSchema = z.object({
  symptom: z.union([z.string(), z.record(z.string(), z.unknown())]).default({}),
  evidence: z.array(EntrySchema).max(maxEntries).default([]),
  revisionDiff: z.unknown().optional(),
  trafficOnBadRevision: z.boolean().nullish(),
});
export type IncidentFile = z.infer<typeof IncidentFileSchema>;

/** The incident that a file describes. */
export function incidentOf({
  symptom,
  evidence,
  revisionDiff,
  trafficOnBadRevision,
}: IncidentFile): Incident {
  const lines = evidence.map((entry, n): Evidence => {
    const { line, severity, source, logSource, kind, timestamp } = {
      severity: undefined,
      source: undefined,
      logSource: undefined,
      kind: undefined,
      timestamp: undefined,
      ...entry,
    };
    const at = timestamp === undefined ? undefined : new Date(timestamp);
    return {
      ref: `evidence:${n}`,
      source: sourceOf(`${kind ?? ''} ${source ?? ''} ${logSource ?? ''}`),
      text: line,
      severity: severity?.toUpperCase(),
      at: at && !Number.isNaN(at.getTime()) ? at : undefined,
    };
  });
  const changes = changesIn(revisionDiff);
  return {
    evidence: [...symptomsOf(symptom), ...lines],
    ...(changes && { changes }),
    ...(typeof trafficOnBadRevision === 'boolean' && { hasTraffic: trafficOnBadRevision }),
  };
}

function symptomsOf(symptom: IncidentFile['symptom']): readonly Evidence[] {
  const fields = typeof symptom === 'string' ? { text: symptom } : symptom;
  return Object.entries(fields).map(([name, value]) => ({
    ref: `symptom:${name}`,
    source: 'symptom',
    text: `${name}: ${textOf(value)}`,
  }));
}

const sources: readonly (readonly [RegExp, EvidenceSource])[] = [
  [/\breport\b|\bclaim\b/i, 'report'],
  [/varlog\/system|system_event|\bplatform\b|\bcondition\b|\baudit/i, 'platform'],
  [/\brequests?\b/i, 'request'],
  [/\bstdout\b|\bstderr\b|\boutput\b|\bapp(?:lication)?\b|\bcontainer\b/i, 'output'],
  [/\bprobe\b|\banswer\b|\bresponse\b/i, 'answer'],
  [/\btests?\b|\bjunit\b|\bpytest\b/i, 'test'],
];

function sourceOf(words: string): EvidenceSource {
  return sources.find(([pattern]) => pattern.test(words))?.[1] ?? 'unstated';
}

const beforeNames = ['before', 'from', 'old', 'stable', 'was'] as const;
const afterNames = ['after', 'to', 'new', 'candidate', 'is'] as const;
const fieldNames = ['field', 'path', 'key', 'name'] as const;

/** The changes in any of the common shapes: a list of changes, or a tree whose leaves are changes or texts. */
function changesIn(diff: unknown): readonly RevisionChange[] | undefined {
  if (diff === undefined || diff === null) return undefined;
  return flatten(diff, '', 0);
}

function flatten(value: unknown, field: string, depth: number): readonly RevisionChange[] {
  if (value === null || value === undefined || depth > 6) return [];
  if (typeof value !== 'object') return [{ field: field || 'revision', after: String(value) }];
  if (Array.isArray(value)) {
    if (value.length === 2 && field !== '' && value.every(isScalar))
      return [changeOf(field, value[0], value[1])];
    return value.slice(0, 1_000).flatMap((item) => flatten(item, field, depth + 1));
  }
  const fields = new Map(Object.entries(value));
  const before = beforeNames.find((name) => fields.has(name));
  const after = afterNames.find((name) => fields.has(name));
  if (before !== undefined || after !== undefined) {
    const own = fieldNames.map((name) => fields.get(name)).find((name) => typeof name === 'string');
    const path = own === undefined ? field : join(field, String(own));
    return [changeOf(path || 'revision', before && fields.get(before), after && fields.get(after))];
  }
  return [...fields].flatMap(([name, item]) => flatten(item, join(field, name), depth + 1));
}

function changeOf(field: string, before: unknown, after: unknown): RevisionChange {
  return {
    field,
    ...(before !== undefined && before !== null && { before: textOf(before) }),
    ...(after !== undefined && after !== null && { after: textOf(after) }),
  };
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return JSON.stringify(value) ?? '';
}
