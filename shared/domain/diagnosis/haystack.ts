/** Which of many texts are in a line: one look at each three letters, however many texts there are. */
export interface Haystack {
  /** Calls `found` with each owner of each text that `line`, in small letters, holds; with some more than once. */
  search(line: string, found: (owner: number) => void): void;
}

interface Text {
  readonly text: string;
  readonly owners: number[];
}

/** Few enough for the table of those in use to stay in a processor's cache. */
const slots = 1 << 14;

/** @param needles texts of at least three small letters, by their owner */
export function haystackFor(needles: readonly (readonly [text: string, owner: number])[]): Haystack {
  const texts = Map.groupBy(needles, ([text]) => text);
  const bySlot = new Map<number, Text[]>();
  const isUsed = new Uint8Array(slots);
  for (const [text, of] of texts) {
    const slot = slotOf(text.charCodeAt(0), text.charCodeAt(1), text.charCodeAt(2));
    const here = bySlot.get(slot) ?? [];
    here.push({ text, owners: of.map(([, owner]) => owner) });
    bySlot.set(slot, here);
    isUsed[slot] = 1;
  }
  return {
    search(line, found) {
      let first = line.charCodeAt(0);
      let second = line.charCodeAt(1);
      for (let at = 0; at + 3 <= line.length; at += 1) {
        const third = line.charCodeAt(at + 2);
        const slot = slotOf(first, second, third);
        first = second;
        second = third;
        if (isUsed[slot] === 0) continue;
        for (const { text, owners } of bySlot.get(slot) ?? []) {
          if (line.startsWith(text, at)) for (const owner of owners) found(owner);
        }
      }
    },
  };
}

function slotOf(a: number, b: number, c: number): number {
  return (a * 961 + b * 31 + c) & (slots - 1);
}
