import { describe, expect, it } from '@jest/globals';
import { applyMutation } from './apply-mutation.ts';
import { checkMutation } from './check-mutation.ts';
import type { Mutation } from './mutation.ts';
import type { TestResult } from './test-result.ts';

const mutation: Mutation = {
  promise: 'p',
  file: 'a.ts',
  original: 'x',
  mutated: 'y',
  tests: ['t'],
  testName: '',
};
const green: TestResult = { kind: 'green' };
const red: TestResult = { kind: 'red' };
const broken: TestResult = { kind: 'broken', output: 'no such file' };

describe('checkMutation', () => {
  it.each<[TestResult, TestResult, object]>([
    [green, red, { kind: 'killed', how: 'red' }],
    [green, { kind: 'timeout' }, { kind: 'killed', how: 'timeout' }],
    [green, green, { kind: 'survived' }],
    [green, broken, { kind: 'invalid', why: expect.stringContaining('no such file') }],
    [red, red, { kind: 'invalid', why: expect.stringContaining('before the change') }],
    [broken, red, { kind: 'invalid', why: expect.stringContaining('no such file') }],
    [{ kind: 'timeout' }, red, { kind: 'invalid', why: expect.stringContaining('before the change') }],
  ])('%j before and %j after', async (before, after, result) => {
    const trial = { testsBefore: async () => before, testsAfter: async () => after };
    expect(await checkMutation(mutation, trial)).toEqual(result);
  });

  it('reports a row that does not fit its file', async () => {
    const testsAfter = async () => Promise.reject(new Error('not once'));
    const result = await checkMutation(mutation, { testsBefore: async () => green, testsAfter });
    expect(result).toEqual({ kind: 'invalid', why: 'not once' });
  });
});

describe('applyMutation', () => {
  it('changes the one place', () => {
    expect(applyMutation('a x b', mutation)).toBe('a y b');
  });

  it('takes the mutated line as it is, not as a pattern', () => {
    expect(applyMutation('a x b', { ...mutation, mutated: "$& $' $1" })).toBe("a $& $' $1 b");
  });

  it.each([
    ['is absent', 'a b', {}],
    ['occurs twice', 'x x', {}],
    ['is not changed', 'x', { mutated: 'x' }],
  ])('refuses a line that %s', (_, text, change) => {
    expect(() => applyMutation(text, { ...mutation, ...change })).toThrow('a.ts');
  });
});
