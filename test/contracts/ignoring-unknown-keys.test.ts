import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ignoringUnknownKeys } from '../../shared/contracts/ignoring-unknown-keys.ts';
import { SecretSourceSchema } from '../../shared/contracts/suites/secret-source.ts';

const name = 'projects/p/secrets/s/versions/1';

describe('a value of a newer version', () => {
  const source = ignoringUnknownKeys(SecretSourceSchema);
  const step = ignoringUnknownKeys(
    z.union([
      z.strictObject({ send: z.string() }),
      z.strictObject({ expect: z.strictObject({ a: z.int() }) }),
    ]),
  );

  it('is read without the keys that it adds to one of several alternatives', () => {
    expect(source.parse({ secretManager: name, later: 1 })).toEqual({ secretManager: name });
    expect(step.parse({ expect: { a: 1, later: 1 }, later: 1 })).toEqual({ expect: { a: 1 } });
  });

  it.each([
    ['an alternative that is not known', source, { later: name }],
    ['a value that is not known', step, { expect: { a: 'later' }, later: 1 }],
    ['two alternatives at once: neither is guessed', source, { env: 'A', secretManager: name }],
  ])('is refused with %s', (_what, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });

  it('is refused with the place of what is not known', () => {
    const parsed = z.object({ in: step }).safeParse({ in: { expect: 1 } });
    expect(parsed.error?.issues).toMatchObject([{ path: ['in'] }]);
  });
});
