/**
 * Text from anywhere as one printable line: without line ends, control and formatting characters, which a terminal
 * would act on.
 */
export function oneLine(text: string, length: number): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
