import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readSnapshot } from '../../shared/adapters/memory/memory-snapshot.ts';
import { builtInDefaults } from '../../shared/contracts/config.ts';
import { type Hop, messageSchemas } from '../../shared/contracts/messages.ts';
import { configs } from '../../shared/contracts/records.ts';
import { aServiceConfig } from '../builders.ts';
import { kindOf, kinds, schemaOf } from '../fixtures/versions/document-kinds.ts';
import { playVersion } from '../fixtures/versions/play-version.ts';
import { currentVersion, folderOf } from '../fixtures/versions/version.ts';

const hops = Object.keys(messageSchemas).filter((name): name is Hop => name in messageSchemas);
const Messages = z.array(z.object({ hop: z.enum(hops), message: z.looseObject({}) }));
const versions = readdirSync(folderOf('.'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const readText = (version: string, file: string) => readFileSync(new URL(file, folderOf(version)), 'utf8');

/** Maps whose keys are somebody else's. */
const foreign = ['capture', 'headers', 'json', 'query', 'secrets'];

/** As a newer version may write it: one more key in each object. */
function withMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withMore);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).map(([key, inner]) => [
    key,
    foreign.includes(key) ? inner : withMore(inner),
  ]);
  return Object.fromEntries([...entries, ['later', { a: 1 }]]);
}

describe.each(versions)('what version %s has stored and sent', (version) => {
  it.each(readSnapshot(readText(version, 'records.json')).map(({ path, fields }) => [path, fields] as const))(
    'is read, also with keys of a newer version: %s',
    (path, fields) => {
      const schema = schemaOf(kindOf(path));
      const read = schema.parse(fields);
      expect(schema.parse(withMore(fields))).toEqual(read);
    },
  );

  it.each(
    Messages.parse(JSON.parse(readText(version, 'messages.json'))).map(
      (sent) => [sent.hop, sent.message] as const,
    ),
  )('is read, also with keys of a newer version: messages.json %s', (hop, message) => {
    expect(messageSchemas[hop].parse(message)).toEqual(message);
    expect(messageSchemas[hop].parse(withMore(message))).toEqual(message);
  });
});

describe('this version', () => {
  it('is recorded; if not: npm run record-version', () => {
    expect(existsSync(folderOf(currentVersion()))).toBe(true);
  });

  it('would be recorded with a document of each kind and a message of each hop', async () => {
    const { documents, messages } = await playVersion();
    expect([...new Set(documents.map(({ path }) => kindOf(path)))].sort()).toEqual(kinds);
    expect([...new Set(messages.map(({ hop }) => hop))].sort()).toEqual(hops.toSorted());
  });
});

/** All paths of keys that have a built-in default: `health`, `health.expect`, `health.expect.status` … */
function pathsOf(settings: object): readonly (readonly string[])[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) => {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [[key], ...(isMap ? pathsOf(value).map((path) => [key, ...path]) : [])];
  });
}

describe('a config of an older version', () => {
  it.each(pathsOf(builtInDefaults).map((path) => [path.join('.'), path] as const))(
    'without %s is read with the built-in default',
    (_key, path) => {
      const full = { ...aServiceConfig(), ...builtInDefaults };
      const stored = structuredClone(full);
      const holder = path
        .slice(0, -1)
        .reduce((inner: object, key) => Object(Reflect.get(inner, key)), stored);
      Reflect.deleteProperty(holder, path.at(-1) ?? '');
      const config = { version: 1, services: [stored] };
      expect(configs.schema.parse({ config, appliedAt: new Date(0) }).config.services).toEqual([full]);
    },
  );
});

describe('the expected JSON of health, where a version without conditions has stored a list', () => {
  const stored = (json: unknown) => {
    const { health, ...rest } = aServiceConfig();
    const service = { ...rest, health: { ...health, expect: { ...health.expect, json } } };
    const config = { version: 1, services: [service] };
    return configs.schema.parse({ config, appliedAt: new Date() }).config.services[0]?.health.expect.json;
  };

  it.each([[[]], [[1, { a: 2 }]], [[{ a: 1 }]], [[{ path: '/cart' }]]])(
    '%j is what the body contains',
    (list) => {
      expect(stored(list)).toEqual([{ path: '$', contains: list }]);
    },
  );

  it.each([[{ a: 1 }], ['ok'], [[{ path: '$.a', exists: true }]]])('%j is what it says', (json) => {
    expect(stored(json)).toEqual(json);
  });
});
