import { assertNever } from '../assert-never.ts';
import type { Preventable, PreventableKind } from '../commit/preventable.ts';
import { filesForModules, planKeptModules } from './plan-kept-modules.ts';
import { filesForLineEnds, planLineEnds } from './plan-line-ends.ts';
import type { BaseFiles, PreventionPlan } from './prevention-plan.ts';

/** The titles of pull requests, and of the commits on their branches: by them these are known again. */
export const preventionTitles: Readonly<Record<PreventableKind, string>> = {
  'line-ends': 'Store scripts that start the container with LF line ends',
  'ignored-module': 'Keep a module that the code imports in the image',
};

/** The files whose texts the plan needs. */
export function filesForPrevention({ kind, paths }: Preventable, base: BaseFiles): readonly string[] {
  switch (kind) {
    case 'line-ends':
      return filesForLineEnds(paths, base);
    case 'ignored-module':
      return filesForModules(paths, base);
    default:
      return assertNever(kind);
  }
}

/**
 * The smallest change after which such a failure does not come again.
 * @returns undefined: the base needs none, or there is none that is safe
 */
export function planPrevention({ kind, paths }: Preventable, base: BaseFiles): PreventionPlan | undefined {
  switch (kind) {
    case 'line-ends':
      return planLineEnds(paths, base);
    case 'ignored-module':
      return planKeptModules(paths, base);
    default:
      return assertNever(kind);
  }
}
