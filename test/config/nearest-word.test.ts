import { expect, test } from '@jest/globals';
import { nearestWord } from '../../shared/config/file/explain/nearest-word.ts';

const keys = ['name', 'project', 'health', 'interval', 'startupBudget'];

test.each([
  ['healht', 'health'],
  ['heath', 'health'],
  ['healthy', 'health'],
  ['startup_budget', 'startupBudget'],
  ['Interval', 'interval'],
  ['nam', 'name'],
  ['port', undefined],
  ['', undefined],
  ['x'.repeat(1_000_000), undefined],
])('the word nearest to %.20s is %s', (word, expected) => {
  expect(nearestWord(word, keys)).toBe(expected);
});
