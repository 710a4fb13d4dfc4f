import { plainPath } from './plain-path.ts';
import { pathEnds } from './relative-files.ts';

/** The part before the name of a test that pytest lists: `tests/test_a.py::TestX::`; a `[param]` may hold anything. */
const pytestId = /^([^[]*?)\.py::((?:[^[]*::)?)([^[:]*(?:\[[\s\S]*)?)$/;

/**
 * The keys under which a listed id may be found in a report; see `reportedKeys`. A key begins with the kind of match:
 * `id` exact, `class` by class name and name, `file` by the end of an absolute path.
 */
export function expectedKeys(id: string): readonly string[] {
  const keys = [`id ${id}`, `id ${plainPath(id)}`];
  const [, path, classes, name] = pytestId.exec(id) ?? [];
  if (path !== undefined && classes !== undefined && name !== undefined) {
    const module = plainPath(path).replaceAll('/', '.');
    const className = [module, ...classes.split('::').filter((part) => part !== '')].join('.');
    keys.push(`class ${JSON.stringify([className, name])}`);
  }
  // jest lists `/repo/src/a.test.ts`; its report has `src/a.test.ts`.
  return [...keys, ...pathEnds(id).map((end) => `file ${end}`)];
}
