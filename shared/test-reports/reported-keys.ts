import { plainPath } from './plain-path.ts';
import type { TestCase } from './test-case.ts';

export interface ReportedKeys {
  readonly keys: readonly string[];
  /** The name alone; valid only if a single test has it. */
  readonly byName?: true;
}

const separators = ['::', '.', '#', '/', ' ', ' > ', ' › '];

/** The keys under which one case may be expected, strongest first; see `expectedKeys`. */
export function reportedKeys(testCase: TestCase): readonly ReportedKeys[] {
  const { id, name, className, file, suites } = testCase;
  const path = file === undefined ? undefined : plainPath(file);
  const groups = [className, path, suites.join(' '), suites.at(-1)].filter((group) => group !== undefined);
  const together = groups.flatMap((group) => separators.map((separator) => `id ${group}${separator}${name}`));
  const wholePath =
    path === undefined ? [] : separators.map((s) => `id ${path}${s}${className ?? ''}${s}${name}`);
  const files = [path, className, ...suites].filter((text) => text !== undefined && text !== '');
  return [
    { keys: [`id ${id}`] },
    { keys: [...wholePath, ...together, `class ${JSON.stringify([className, name])}`] },
    { keys: files.map((text) => `id ${text}`) },
    { keys: [...files, name].map((text) => `file ${text}`) },
    { keys: [`id ${name}`], byName: true },
  ];
}
