import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { documents } from './documents.ts';

const text = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8');
const examples = new Map(
  [...text.matchAll(/^### (.+)\n(?:(?!^#)[\s\S])*?^```json\n([\s\S]*?)^```$/gm)].map(
    ([, heading = '', json = '']) => [heading, json],
  ),
);

describe('docs/json.md', () => {
  it('has an example of each document, and of no other', () => {
    expect([...examples.keys()].sort()).toEqual(Object.keys(documents).sort());
  });

  it.each(Object.entries(documents))('has an example of %s that fits its schema', (heading, schema) => {
    schema.parse(JSON.parse(examples.get(heading) ?? ''));
  });

  it.each(Object.entries(documents))('names each field of %s', (_heading, schema) => {
    const missing = fieldsOf(z.toJSONSchema(schema)).filter(
      (field) => !new RegExp(`["\`]${field}["\`]`).test(text),
    );
    expect(missing).toEqual([]);
  });
});

/** The names of all properties, at any depth. */
function fieldsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === 'properties' ? Object.keys(value) : []),
    ...fieldsOf(value),
  ]);
}
