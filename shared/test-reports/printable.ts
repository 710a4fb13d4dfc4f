const unprintable = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu;
const kept = new Set(['\t', '\n']);
const controlPictures = 0x2400;
const deletePicture = '\u2421';

/** Makes control characters visible: ESC becomes `␛`. Tabs and line ends stay. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(unprintable, (character) => {
    return kept.has(character) ? character : pictureOf(character);
  });
}

/** The visible substitute of one unprintable character. */
export function pictureOf(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(controlPictures + code);
  return code === 0x7f ? deletePicture : '\uFFFD';
}
