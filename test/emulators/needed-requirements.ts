import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Requirement } from '../../infra/local/emulators/requirement.ts';
import { requirements } from './requirements.ts';

/** Which test files jest was asked to run; the part of its global config that is used here. */
export interface Selection {
  readonly rootDir: string;
  readonly testPathPatterns: {
    toExecutor(options: { rootDir: string }): { isMatch(absolutePath: string): boolean };
  };
}

/** What the selected test files need, told by their text, so that nothing is started in vain. */
export function neededRequirements({ rootDir, testPathPatterns }: Selection): ReadonlySet<Requirement> {
  const selection = testPathPatterns.toExecutor({ rootDir });
  const texts = globSync('test/**/*.test.ts', { cwd: rootDir })
    .map((path) => join(rootDir, path))
    .filter((path) => selection.isMatch(path))
    .map((path) => readFileSync(path, 'utf8'));
  const needed = Object.entries(requirements).filter(([call]) =>
    texts.some((text) => text.includes(`${call}(`)),
  );
  return new Set(needed.map(([, requirement]) => requirement));
}
