import { nearestWord } from '../../config/file/explain/nearest-word.ts';

const shown = 10;

/** @param known the names that exist, in order; not empty */
export function describeUnknown(what: string, name: string, known: readonly string[]): string {
  return `no ${what} ${name} is recorded${nearestOf(name, known)}`;
}

/** What a person may have meant, as the end of a sentence. */
export function nearestOf(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known);
  const all = [...new Set(known)];
  const more = all.length > shown ? `, and ${all.length - shown} more` : '';
  return `${near ? `: did you mean ${near}?` : ''} (known: ${all.slice(0, shown).join(', ')}${more})`;
}
