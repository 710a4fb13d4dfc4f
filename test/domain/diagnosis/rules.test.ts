import { describe, expect, it } from '@jest/globals';
import type { Evidence, EvidenceSource } from '../../../shared/domain/diagnosis/evidence.ts';
import { findSigns } from '../../../shared/domain/diagnosis/find-signs.ts';
import { linesOf } from '../../../shared/domain/diagnosis/lines-of.ts';
import { needlesOf } from '../../../shared/domain/diagnosis/needles.ts';
import { rules } from '../../../shared/domain/diagnosis/rules/index.ts';
import { weedOut } from '../../../shared/domain/diagnosis/weed-out.ts';
import { ruleLines } from './rule-lines.ts';

function namesIn(source: EvidenceSource, text: string): readonly string[] {
  const entry: Evidence = { ref: 'log:1', source, text, severity: 'ERROR' };
  return findSigns(linesOf(entry)).map(({ rule }) => rule.name);
}

describe('the rules', () => {
  it.each(ruleLines)('%s recognizes a line of %s', (name, source, line) => {
    expect(namesIn(source, line)).toContain(name);
  });

  it('have different names, a source, and each a line in the table', () => {
    const spoken = rules.filter(({ layer }) => layer !== 'noise').map(({ name }) => name);
    expect(new Set(spoken).size).toBe(spoken.length);
    expect(rules.filter(({ source }) => source === '')).toEqual([]);
    expect(spoken.filter((name) => ruleLines.every(([own]) => own !== name))).toEqual([]);
  });

  it.each([
    'Starting new instance. Reason: AUTOSCALING - Instance started due to traffic: connection refused',
    '(node:1) [DEP0040] DeprecationWarning: Cannot find module x is deprecated',
    'npm warn deprecated: TypeError: x is not a function',
  ])('leave out the notice %s', (line) => {
    expect(namesIn('unstated', line)).toEqual([]);
  });

  it('let the most exact one of a line speak', () => {
    const text =
      'redis.exceptions.ConnectionError: Error 111 connecting to 10.0.0.9:6379. Connection refused.';
    const entry: Evidence = { ref: 'log:1', source: 'output', text };
    const { signs } = weedOut(findSigns(linesOf(entry)));
    expect(signs.filter(({ rule }) => rule.isVague)).toEqual([]);
    expect(signs.map(({ rule }) => rule.name)).toContain('redis');
  });

  it.each([
    'aA',
    'Error',
    'a.',
    'Connect ',
    'a_',
    'A_A ',
    'database ',
    'connection ',
    'not ',
    'token ',
    '/a-b.com',
    '"\\',
  ])('take no long time for a line of %s', (text) => {
    const line = text.repeat(2_000 / text.length);
    const before = process.cpuUsage();
    for (const source of ['unstated', 'report', 'output'] as const) namesIn(source, line);
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});

describe('the words of a pattern', () => {
  it.each<[pattern: string, words: readonly string[] | undefined]>([
    ['Connection refused', ['connection refused']],
    ['(?:one|two) fish|red', [' fish', 'red']],
    ['colou?r of it', ['r of it']],
    ['colou?r', ['colo']],
    ['a.{0,40}refused', ['refused']],
    ['\\d+|word', undefined],
    ['(?:x)?', undefined],
    ['[abc]+\\.json', ['.json']],
    ['(?:down|out)(?= now)', ['down', 'out']],
  ])('of %s are found', (pattern, words) => {
    expect(needlesOf(pattern)).toEqual(words);
  });
});
