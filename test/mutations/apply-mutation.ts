import type { Mutation } from './mutation.ts';

/** @throws {Error} the line to change is not in `text` exactly once, or the change changes nothing */
export function applyMutation(text: string, { file, original, mutated }: Mutation): string {
  const parts = text.split(original);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${original}`);
  if (original === mutated) throw new Error(`${file}: the mutated line is the line itself: ${original}`);
  return parts.join(mutated);
}
