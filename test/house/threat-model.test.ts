import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const threatCount = 41;

interface Threat {
  readonly number: string;
  readonly cells: readonly string[];
  /** The last cell: names of tests, and what is missing. */
  readonly proof: string;
}

const threats = readFileSync(join(root, 'docs/threat-model.md'), 'utf8')
  .split('\n')
  .flatMap((line): Threat[] => {
    const [, number = '', ...cells] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return /^\d+$/.test(number) ? [{ number, cells, proof: cells.at(-2) ?? '' }] : [];
  });

const named = threats.flatMap(({ number, proof }) =>
  [...proof.matchAll(/`([^`]+)` › `([^`]+)`/g)].map(
    ([, file = '', words = '']) => [number, file, words] as const,
  ),
);

/** The titles of tests in a file: the first text of a call, which may begin on a line of its own. */
function titlesIn(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const calls = /(?:\b(?:it|test|describe\w*)(?:\.\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs;
  return [...text.matchAll(calls)].map(([, , title = '']) => title);
}

describe('the threat model', () => {
  it('has every threat once, in order, with what holds it', () => {
    const numbers = Array.from({ length: threatCount }, (_, n) => String(n + 1));
    expect(threats.map(({ number }) => number)).toEqual(numbers);
    expect(threats.filter(({ cells }) => cells.length !== 5 || cells.slice(0, 4).includes(''))).toEqual([]);
  });

  it('names a test for every threat, or says why there is none yet', () => {
    const proven = new Set(named.map(([number]) => number));
    const unproven = threats.filter(
      ({ number, proof }) => !proven.has(number) && !/^\*\*not yet\*\*: \w.{20,}/.test(proof),
    );
    expect(unproven).toEqual([]);
  });

  it('has no name of a test that reads otherwise', () => {
    const rest = threats.map(({ proof }) =>
      proof
        .replace(/\*\*not yet\*\*: .+$/, '')
        .replaceAll(/`test\/[^`]+\.test\.ts` › `[^`]+`/g, '')
        .replaceAll(/[;\s]/g, ''),
    );
    expect(rest.filter((text) => text !== '')).toEqual([]);
  });

  it.each(named)('threat %s names a test that there is: %s › %s', (_number, file, words) => {
    expect(existsSync(join(root, file))).toBe(true);
    expect(titlesIn(file).filter((title) => title.includes(words))).not.toEqual([]);
  });
});
