import { collectionError, collectionErrorOf } from '../checks/collection-error.ts';
import type { Sign } from './find-signs.ts';
import type { Line } from './lines-of.ts';
import type { Rule } from './rule.ts';

/** More is known than from the runner's words alone: they were recognized where they were printed. */
const rule: Rule = {
  name: 'collection',
  layer: 'cause',
  means: 'test-collection-error',
  weight: 94,
  pattern: `^${collectionError}`,
  says: '',
  from: ['test'],
  source: 'the runners of tests',
};

/** Tests that could not be loaded, with the file at fault. */
export function findUnloadedTests(lines: readonly Line[]): readonly Sign[] {
  return lines.flatMap((line, place) => {
    const fault = line.evidence.source === 'test' ? collectionErrorOf(line.text) : undefined;
    if (fault === undefined) return [];
    const says = `the tests could not be loaded: ${fault.slice(collectionError.length)}`;
    return [{ rule, line, says, weight: rule.weight, place }];
  });
}
