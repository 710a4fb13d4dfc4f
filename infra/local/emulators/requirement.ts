import { findOnPath } from './find-on-path.ts';

/** Something outside the repository without which some tests cannot run. */
export interface Requirement {
  readonly name: string;
  /** Undefined: Debian has none. */
  readonly debianPackage?: string;
  /** Undefined: it is there. Otherwise what is absent, and how to install it. */
  missing(): string | undefined;
}

/** A program that is looked for on the PATH. */
export function program(
  name: string,
  how: { readonly debianPackage: string } | { readonly url: string },
): Requirement {
  const howTo = 'url' in how ? `see ${how.url}` : `apt-get install ${how.debianPackage}`;
  return {
    name,
    ...('debianPackage' in how && { debianPackage: how.debianPackage }),
    missing: () => (findOnPath(name) ? undefined : `it is not installed: ${howTo}`),
  };
}
