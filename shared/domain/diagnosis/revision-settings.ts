import type { RevisionChange } from './evidence.ts';

/** What a revision was made of, such as `image`, `env.PORT`, `resources.limits.memory`; secrets by name and version. */
export type RevisionSettings = ReadonlyMap<string, string>;

const maxLength = 200;
/** A variable of such a name may hold a secret: it is compared, and never shown. */
const secretName =
  /pass(?:word|wd)?|secret|token|key|credential|dsn|private|auth|connection_?string|database_url|_url$/i;
const hidden = '(hidden)';

/** The settings in which `candidate` differs from `stable`, in the order of their names. */
export function compareSettings(
  stable: RevisionSettings,
  candidate: RevisionSettings,
): readonly RevisionChange[] {
  const fields = [...new Set([...stable.keys(), ...candidate.keys()])].sort();
  return fields.flatMap((field) => {
    const before = stable.get(field);
    const after = candidate.get(field);
    return before === after
      ? []
      : [{ field, before: shownSetting(field, before), after: shownSetting(field, after) }];
  });
}

/** The value as people may see it, shortened, and hidden if its name sounds like a secret. */
export function shownSetting(field: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (field.startsWith('env.') && secretName.test(field) && !value.startsWith('secret ')) return hidden;
  return value.length <= maxLength ? value : `${value.slice(0, maxLength)}…`;
}
