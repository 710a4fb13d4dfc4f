import type { CommitProof } from '../diagnosis/commit-evidence.ts';
import { changedTexts } from '../scm/changed-lines.ts';
import { pathInRepository } from '../scm/path-in-repository.ts';
import { type CommitFacts, type CommitReport, fromCommit, fromFile, nothing, told } from './commit-facts.ts';
import { describeExclusion, exclusionsOf, ignoreFilesAbove } from './ignored-by.ts';
import { type ModuleFiles, nodeModule, pythonModule } from './module-files.ts';
import { isManifest } from './notable-changes.ts';
import type { Suspicion } from './suspicion.ts';

type Module = Extract<Suspicion, { kind: 'module' }>;

/** The ignore files that may keep a module out of the image, or out of the commit. */
export function filesForModule(module: Module, facts: CommitFacts): readonly string[] {
  const { found, home, tried } = filesOf(module, facts);
  if (found !== undefined) return ignoreFilesAbove(found, ['.dockerignore', '.gcloudignore'], facts.paths);
  const [first] = tried;
  return home === undefined || first === undefined
    ? []
    : ignoreFilesAbove(wouldBe(home, first), ['.gitignore'], facts.paths);
}

function filesOf({ name, askedBy }: Module, { paths }: CommitFacts): ModuleFiles {
  if (/^[A-Za-z_][\w.]*$/.test(name) && askedBy === undefined) return pythonModule(name, paths);
  const inRepository = askedBy === undefined ? undefined : pathInRepository(askedBy, paths);
  const isPath = /^(?:\.{1,2})?\//.test(name);
  if (askedBy === undefined || inRepository === undefined || !isPath)
    return { found: undefined, home: undefined, tried: [] };
  return nodeModule(name, { inContainer: askedBy, inRepository }, paths);
}

/** The path from the root: that of Python is known from its package on. */
function wouldBe(home: string, tried: string): string {
  const parent = tried.split('/').slice(0, -1).join('/');
  return parent !== '' && home.endsWith(parent)
    ? `${home.slice(0, home.length - parent.length)}${tried}`
    : tried;
}

/** Whether the commit has a module that the container lacks, and what keeps it out. */
export function examineModule(module: Module, facts: CommitFacts): CommitReport {
  const files = filesOf(module, facts);
  if (files.found !== undefined) return examinePresent(module, files.found, facts);
  const removed = facts.comparison?.files.find(
    ({ path, status, previousPath }) =>
      (status === 'removed' && files.tried.some((end) => endsWith(path, end))) ||
      (status === 'renamed' && files.tried.some((end) => endsWith(previousPath ?? '', end))),
  );
  if (removed) {
    const { path, status, previousPath } = removed;
    const how = status === 'renamed' ? `renamed ${previousPath} to ${path}` : `removed ${path}`;
    const seen = fromFile(facts, path, `${status} since the commit of stable`);
    return told(
      `in the commit: a commit since stable's ${how}`,
      [seen],
      proof(module, 'removed-by-commit', 94),
    );
  }
  if (files.home !== undefined && !facts.pathsCut) return examineAbsent(module, files, files.home, facts);
  return examineDependency(module, facts);
}

function endsWith(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`);
}

function examinePresent(module: Module, path: string, facts: CommitFacts): CommitReport {
  const ignoreFiles = ignoreFilesAbove(path, ['.dockerignore', '.gcloudignore'], facts.paths);
  const [exclusion] = exclusionsOf(path, ignoreFiles, facts.files);
  const seen = fromFile(facts, path, `the commit has ${path}`);
  if (!exclusion)
    return told(
      `only in the container: the commit has ${path}, and no ignore rule leaves it out: see what the Dockerfile copies, and where modules are looked for`,
      [seen],
    );
  const rule = fromFile(facts, exclusion.file, `${exclusion.file}:${exclusion.line}: ${exclusion.pattern}`);
  const answer = `only in the container: the commit has ${path}, and ${describeExclusion(exclusion)} keeps it out of the image`;
  return {
    ...told(answer, [rule, seen], proof(module, 'module-ignored', 95)),
    preventable: { kind: 'ignored-module', paths: [path] },
  };
}

function examineAbsent(
  module: Module,
  { tried }: ModuleFiles,
  home: string,
  facts: CommitFacts,
): CommitReport {
  const path = wouldBe(home, tried[0] ?? '');
  const [exclusion] = exclusionsOf(path, ignoreFilesAbove(path, ['.gitignore'], facts.paths), facts.files);
  const seen = fromCommit(facts, `no ${tried.slice(0, 2).join(', no ')}`);
  if (exclusion) {
    const rule = fromFile(facts, exclusion.file, `${exclusion.file}:${exclusion.line}: ${exclusion.pattern}`);
    const answer = `in the commit: it lacks ${module.name}, which ${describeExclusion(exclusion)} keeps out of the repository`;
    return told(answer, [rule, seen], proof(module, 'never-committed', 92));
  }
  const answer = `in the commit: it has ${home === '' ? 'no' : `${home}, and no`} ${module.name} there, unless a step of the build makes it`;
  return told(answer, [seen], proof(module, 'not-in-commit', 84));
}

/** A module of others: the commits may have taken it off the list of dependencies. */
function examineDependency(module: Module, facts: CommitFacts): CommitReport {
  const name = packageOf(module.name);
  const changed = facts.comparison?.files.find(({ path, patch = '' }) => {
    const { removed, added } = changedTexts(patch);
    const names = (line: string) => wordsOf(line).includes(name);
    return isManifest(path) && removed.some(names) && !added.some(names);
  });
  if (!changed) return nothing;
  const seen = fromFile(facts, changed.path, `${name} was taken out of ${changed.path}`);
  const answer = `in the commit: a commit since stable's took ${name} out of ${changed.path}`;
  return told(answer, [seen], proof(module, 'dependency-removed', 93));
}

/** `@scope/name/part` is of the package `@scope/name`; `google.cloud` of `google`. */
function packageOf(name: string): string {
  const parts = name.split('/');
  const own = name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? name);
  return normalized(name.startsWith('@') || name.includes('/') ? own : (own.split('.')[0] ?? own));
}

function wordsOf(line: string): readonly string[] {
  return (line.match(/[@\w./-]+/g) ?? []).map(normalized);
}

/** Python takes `-`, `_` and `.` in names of packages for the same. */
function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

function proof({ place }: Module, name: string, weight: number): CommitProof {
  return { name, layer: 'origin', means: 'container-startup-failure/missing-module', weight, place };
}
