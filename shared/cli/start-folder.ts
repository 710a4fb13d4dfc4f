import { realpathSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';

interface Started {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory of the process. */
  readonly cwd: string;
  /** The folder of this package's own package.json. */
  readonly packageFolder: string;
  /** The npm script of this package that is the program. */
  readonly script: string;
}

/**
 * The folder in which a person called the program: relative names start there, and command suites run there.
 *
 * npm runs a script in the folder of its package and puts the folder where it was called into INIT_CWD. That counts only
 * for the script of this package that is the program. In a script of another package, file names are written for the folder of
 * that package, which is the working directory.
 */
export function startFolder({ env, cwd, packageFolder, script }: Started): string {
  const { INIT_CWD: called, npm_lifecycle_event: running, npm_package_json: packageFile } = env;
  if (called === undefined || !isAbsolute(called)) return cwd;
  const isOwnScript =
    running === script &&
    cwd === packageFolder &&
    packageFile !== undefined &&
    realPath(dirname(packageFile)) === packageFolder;
  return isOwnScript ? called : cwd;
}

/** npm names the package by the path that it was given, which may lead through links. */
function realPath(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
