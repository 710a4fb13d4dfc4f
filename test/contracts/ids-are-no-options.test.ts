import { describe, expect, it } from '@jest/globals';
import * as ids from '../../shared/contracts/id-schemas.ts';
import { type Hop, messageSchemas } from '../../shared/contracts/messages.ts';
import type { RevisionName } from '../../shared/domain/ids.ts';
import { trafficCommand } from '../../shared/wording/traffic-command.ts';
import { aRef } from '../builders.ts';

const options = ['--help', '-x', '-', '--project=evil'];

/** Whose values never become a word of a command. */
const opaque = ['EtagSchema', 'ServiceRefSchema'];
const schemas = Object.entries(ids).filter(([name]) => name.endsWith('Schema') && !opaque.includes(name));

const uuid = '01234567-89ab-cdef-0123-456789abcdef';
const hash = '0123456789abcdef0123';
/** One message for each form. */
const messages: readonly (readonly [Hop, Readonly<Record<string, unknown>>])[] = [
  ['begin-validation', { kind: 'build', name: `projects/acme/locations/global/builds/${uuid}` }],
  ['begin-validation', { kind: 'revision', ref: aRef, revision: 'web-1', openedBy: 'sweep', attempt: 1 }],
  ['check-health', { runId: hash }],
  ['dispatch-shards', { runId: hash }],
  ['execute-shard', { runId: hash, slot: 0, turn: 0 }],
  ['decide-stage', { runId: hash, stage: 'health' }],
  ['route-traffic', { effectId: `${hash}.health.rollback` }],
  ['record-history', { runId: hash }],
];

/** The value with each of its texts replaced, one at a time. */
function withText(value: unknown, text: string): unknown[] {
  if (typeof value === 'string') return [text];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    withText(inner, text).map((changed) => ({ ...value, [key]: changed })),
  );
}

describe('an id that looks like an option', () => {
  it.each(schemas)('is none for %s', (_name, schema) => {
    expect(options.filter((text) => schema.safeParse(text).success)).toEqual([]);
  });

  it.each(messages)('is refused in every text of %s %j', (hop, message) => {
    const schema = messageSchemas[hop];
    expect(schema.safeParse(message).success).toBe(true);
    const changed = options.flatMap((text) => withText(message, text));
    expect(changed.length).toBeGreaterThanOrEqual(options.length);
    expect(changed.filter((one) => schema.safeParse(one).success)).toEqual([]);
  });

  it.each([
    'projects/-x',
    'projects/acme/locations/-x',
    `projects/acme/locations/global/builds/${'-'.repeat(36)}`,
  ])('is none within the name of a build: %s', (start) => {
    const parts = ['projects', 'acme', 'locations', 'global', 'builds', uuid];
    const name = [start, ...parts.slice(start.split('/').length)].join('/');
    expect(ids.BuildNameSchema.safeParse(name).success).toBe(false);
  });

  it('stands in no command that undoes a change', () => {
    const command = trafficCommand(aRef, [
      { revision: 'web-1' as RevisionName, percent: 100, tag: undefined },
    ]);
    const words = command.split(' ').filter((word) => word.startsWith('-'));
    expect(words.map((word) => word.split('=')[0])).toEqual(['--project', '--region', '--to-revisions']);
  });
});
