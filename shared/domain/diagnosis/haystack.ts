/** Which of many texts are in a line: one look at each three letters, however many texts there are. */
export interface Haystack {
  /** Calls `found` with the owner of each text that `line`, in small letters, holds; with some more than once. */
  search(line: string, found: (owner: number) => void): void;
}

const slots = 1 << 16;

/** @param needles texts of at least three small letters, by their owner */
export function haystackFor(needles: readonly (readonly [text: string, owner: number])[]): Haystack {
  const bySlot: ((readonly [string, number])[] | undefined)[] = new Array(slots);
  for (const needle of needles) {
    const slot = slotAt(needle[0], 0);
    const of = bySlot[slot];
    if (of) of.push(needle);
    else bySlot[slot] = [needle];
  }
  return {
    search(line, found) {
      for (let at = 0; at + 3 <= line.length; at += 1) {
        const here = bySlot[slotAt(line, at)];
        if (!here) continue;
        for (const [text, owner] of here) if (line.startsWith(text, at)) found(owner);
      }
    },
  };
}

function slotAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & (slots - 1)
  );
}
