import { folderOf, inFolder } from '../scm/path-in-repository.ts';

/** Where a repository has a module; paths without their ends are tried with those that the interpreter tries. */
export interface ModuleFiles {
  /** The file that the module is; undefined: the repository has none. */
  readonly found: string | undefined;
  /** Where it would be: the folder of its package or of the file that asks for it; undefined: it is not the repository's. */
  readonly home: string | undefined;
  /** The paths that were tried, without the folder before the package. */
  readonly tried: readonly string[];
}

/** A module of Python, such as `shop.cart.totals`. */
export function pythonModule(name: string, paths: readonly string[]): ModuleFiles {
  const parts = name.split('.').filter((part) => part !== '');
  const base = parts.join('/');
  const tried = [`${base}.py`, `${base}/__init__.py`];
  const found = shortest(
    paths.filter((path) => tried.some((end) => path === end || path.endsWith(`/${end}`))),
  );
  const parent = parts.slice(0, -1).join('/');
  const within = paths.find((path) => path.startsWith(`${parent}/`) || path.includes(`/${parent}/`));
  const home =
    parent !== '' && within !== undefined
      ? within.slice(0, within.indexOf(parent) + parent.length)
      : undefined;
  return { found, home, tried };
}

const nodeEnds = [
  '',
  '.js',
  '.cjs',
  '.mjs',
  '.json',
  '.ts',
  '.tsx',
  '.jsx',
  '/index.js',
  '/index.mjs',
  '/index.ts',
];

/**
 * A module of Node by its path.
 * @param name relative, or absolute in the container
 * @param askedBy the file that asks for it: in the container, and in the repository
 */
export function nodeModule(
  name: string,
  askedBy: { readonly inContainer: string; readonly inRepository: string },
  paths: readonly string[],
): ModuleFiles {
  const base = name.startsWith('/') ? absolute(name, askedBy) : joined(folderOf(askedBy.inRepository), name);
  if (base === undefined) return { found: undefined, home: undefined, tried: [] };
  const known = new Set(paths);
  const tried = [...nodeEnds.map((end) => `${base}${end}`), base.replace(/\.([cm]?)js$/, '.$1ts')];
  return { found: tried.find((path) => known.has(path)), home: folderOf(base), tried };
}

/** The same path in the repository, if it lies where the asking file's root is. */
function absolute(
  name: string,
  { inContainer, inRepository }: { inContainer: string; inRepository: string },
) {
  const asking = inContainer.replace(/^file:\/\//, '');
  if (!asking.endsWith(inRepository)) return undefined;
  const root = asking.slice(0, -inRepository.length);
  return name.startsWith(root) ? name.slice(root.length) : undefined;
}

/** Undefined: it leaves the repository. */
function joined(folder: string, name: string): string | undefined {
  const parts: string[] = [];
  for (const part of inFolder(folder, name).split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function shortest(paths: readonly string[]): string | undefined {
  return paths.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))[0];
}
