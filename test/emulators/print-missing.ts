import { join } from 'node:path';
import { neededRequirements } from './needed-requirements.ts';

/** Prints the Debian packages that some test needs and this machine has not, one a line: for CI to install. */
const rootDir = join(import.meta.dirname, '../..');
const all = { toExecutor: () => ({ isMatch: () => true }) };
for (const requirement of neededRequirements({ rootDir, testPathPatterns: all })) {
  const { debianPackage } = requirement;
  if (debianPackage !== undefined && requirement.missing() !== undefined)
    process.stdout.write(`${debianPackage}\n`);
}
