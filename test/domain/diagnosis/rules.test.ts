import { describe, expect, it } from '@jest/globals';
import type { Evidence, EvidenceSource } from '../../../shared/domain/diagnosis/evidence.ts';
import { findSigns } from '../../../shared/domain/diagnosis/find-signs.ts';
import { linesOf } from '../../../shared/domain/diagnosis/lines-of.ts';
import { needlesOf } from '../../../shared/domain/diagnosis/needles.ts';
import { ignoringCase } from '../../../shared/domain/diagnosis/rule.ts';
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

  it.each([
    'Container called exit(1).',
    'Uncaught signal: 6, pid=1, tid=1, fault_addr=0.',
    'Container terminated on signal 9.',
    "Cloud Run does not support image 'gcr.io/p/app:1': Container manifest type must support amd64/linux.",
    'Google Cloud Run Service Agent must have permission to read the image, gcr.io/x/y.',
    'Memory limit of 256 MiB exceeded',
  ])('do not hear from an application what the platform says: %s', (line) => {
    expect(namesIn('platform', line)).not.toEqual([]);
    expect(namesIn('unstated', line)).not.toEqual([]);
    expect(namesIn('output', line)).toEqual([]);
  });

  it('do not take from an application that callers may not invoke the service', () => {
    const line =
      'The request was not authenticated. Either allow unauthenticated invocations or set the header.';
    expect(namesIn('request', line)).toContain('invoker');
    expect(namesIn('output', line)).not.toContain('invoker');
  });

  it('hear no test runner say how the service ended', () => {
    expect(namesIn('test', 'the command exited with 2')).toEqual([]);
  });

  it.each([
    ['a limit of memory, not a deploy regression', 'broken-behaviour'],
    ['the pool ran dry rather than throttled', 'told-quota'],
  ])('leave out what people say that it was not: %s', (line, name) => {
    expect(namesIn('report', line)).not.toContain(name);
    expect(namesIn('report', line.replace(/(?:not|rather than) /, ''))).toContain(name);
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

/** A line of 2,000 letters that nearly match a pattern again and again. */
function nearlyMatching(name: string, pattern: string): readonly string[] {
  const known = ruleLines.find(([own]) => own === name)?.[2].slice(0, -1) ?? '';
  const words = needlesOf(pattern.replace(ignoringCase, '')) ?? [];
  return [known, words.join(' '), words.join('')]
    .filter((text) => text !== '')
    .map((text) => text.repeat(Math.ceil(2_000 / text.length)).slice(0, 2_000));
}

describe('a hostile line', () => {
  it.each(rules)('made of the pattern of $name takes no long time', ({ name, pattern }) => {
    for (const line of nearlyMatching(name, pattern)) {
      const before = process.cpuUsage();
      for (const source of ['unstated', 'report', 'output'] as const) namesIn(source, line);
      expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
    }
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
