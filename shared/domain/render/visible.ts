/**
 * What a terminal would interpret or a reader would not see: control characters (C0, DEL, C1), marks that change the
 * direction of text, formatting and tag characters, line separators, invisible letters, and halves of characters.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]|\u034f|\u17b4|\u17b5/gu;

/**
 * A text with such characters as `\u001b`: for every sink, since texts from outside may contain them. The escapes are
 * those of JSON, so that a line of JSON remains the same data. Line feeds are left.
 */
export function visible(text: string): string {
  return text.replace(hidden, (character) => (character === '\n' ? character : escapesOf(character)));
}

/** The same for what must not become several lines. */
export function visibleLine(text: string): string {
  return visible(text).replaceAll('\n', '\\n');
}

function escapesOf(character: string): string {
  return Array.from(
    { length: character.length },
    (_, n) => `\\u${character.charCodeAt(n).toString(16).padStart(4, '0')}`,
  ).join('');
}
