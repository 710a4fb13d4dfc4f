import type { RevisionName } from '../../domain/ids.ts';
import type { RunBuild } from '../../domain/records/run.ts';
import { referencesIn } from '../suites/references.ts';

/** What a config may name as `${NAME}` without declaring it. */
export const buildVariables = ['COMMIT_SHA', 'REVISION', 'BUILD_ID'] as const;

/** The build that a revision came from, as far as it is known. */
export type KnownBuild = Pick<RunBuild, 'id' | 'commit'>;

/** What the variables stand for at one revision. */
export interface BuildValues {
  readonly values: ReadonlyMap<string, string>;
  /** Why those that are missing are not known. */
  readonly why: string;
}

/** Whoever runs builds can give them any text as their commit. */
const commitPattern = /^[0-9a-f]{7,64}$/i;

/** @param revision undefined: any of several may answer @param build undefined: none is known */
export function buildValuesOf(
  revision: RevisionName | undefined,
  build: KnownBuild | undefined,
): BuildValues {
  if (revision === undefined) return { values: new Map(), why: 'several revisions may answer' };
  const own: [string, string][] = [['REVISION', revision]];
  if (!build) return { values: new Map(own), why: `no build of ${revision} is recorded` };
  const ofBuild: [string, string][] = [...own, ['BUILD_ID', build.id]];
  const { commit } = build;
  if (commit === undefined)
    return { values: new Map(ofBuild), why: `build ${build.id} of ${revision} has no COMMIT_SHA` };
  if (!commitPattern.test(commit))
    return { values: new Map(ofBuild), why: `COMMIT_SHA of build ${build.id} is no commit` };
  return { values: new Map([...ofBuild, ['COMMIT_SHA', commit]]), why: '' };
}

/** The build variables that a value of the config names. */
export function buildVariablesIn(value: unknown): readonly string[] {
  return [...new Set(referencesIn(value).map(({ name }) => name))].filter(isBuildVariable);
}

export function isBuildVariable(name: string): boolean {
  return (buildVariables as readonly string[]).includes(name);
}

/** True: it names a value that only the build of a revision can tell. */
export function needsBuild(value: unknown): boolean {
  return buildVariablesIn(value).some((name) => name !== 'REVISION');
}

/** Why something of the config cannot be filled in; undefined: all of its build variables are known. */
export function whyUnfilled(value: unknown, { values, why }: BuildValues): string | undefined {
  const missing = buildVariablesIn(value).filter((name) => !values.has(name));
  if (missing.length === 0) return undefined;
  const names = missing.map((name) => `\${${name}}`).join(' and ');
  return `${names} ${missing.length > 1 ? 'are' : 'is'} not known: ${why}`;
}
