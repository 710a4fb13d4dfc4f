import { type ConfigPath, formatPath } from '../config-path.ts';
import type { Finding } from '../finding.ts';
import { keysBelow, knownKeysBelow } from './known-keys.ts';
import { nearestWord } from './nearest-word.ts';
import { commonKeys, kindOf, schemaAt } from './schema-at.ts';

/** @param map the value that has them: where there are several kinds of it, it may say which one it is of */
export function explainUnknownKeys(
  path: ConfigPath,
  keys: readonly string[],
  map: unknown,
): readonly Finding[] {
  const ofAnyKind = schemaAt(path);
  const { schema, name: kind } = kindOf(ofAnyKind, map);
  const known = keysBelow(schema);
  const siblings = known.filter((key) => !key.includes('.'));
  return keys.map((key) => {
    const at = [...path, key];
    // A map of another kind has it.
    if (keysBelow(ofAnyKind).includes(key)) {
      const special = siblings.filter((sibling) => !commonKeys(ofAnyKind).includes(sibling));
      return kind === undefined
        ? { path: at, message: 'belongs to another kind', fix: 'remove it' }
        : {
            path: at,
            message: `does not belong to kind ${kind}`,
            fix: `remove it; kind ${kind} has ${special.join(', ')}`,
          };
    }
    return { path: at, message: 'unknown key', fix: fixOf(key, path, known, siblings) };
  });
}

function fixOf(key: string, path: ConfigPath, known: readonly string[], siblings: readonly string[]): string {
  const nearest = nearestWord(key, siblings);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  const elsewhere = known.find((candidate) => candidate.endsWith(`.${key}`)) ?? placeAbove(path, key);
  return elsewhere ? `move it to ${elsewhere}` : `remove it; valid keys here: ${siblings.join(', ')}`;
}

/** `services[0].watch.badShare` for a key that stands in one of the wrong maps of its service. */
function placeAbove(path: ConfigPath, key: string): string | undefined {
  for (let length = path.length - 1; length > 0; length--) {
    const above = path.slice(0, length);
    const found = knownKeysBelow(above).find(
      (candidate) => !candidate.includes('[]') && (candidate === key || candidate.endsWith(`.${key}`)),
    );
    if (found !== undefined) return `${formatPath(above)}.${found}`;
  }
  return undefined;
}
