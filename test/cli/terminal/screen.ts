// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal interprets
const token = /\u001b\[(\??)([\d;]*)([A-Za-z])|[\r\n]|[^\u001b\r\n]/gu;

/** The rows of a terminal after it has shown `output`; it has no right edge. */
export function rowsAfter(output: string): readonly string[] {
  const rows: string[][] = [[]];
  let [row, column] = [0, 0];
  for (const [text, isPrivate, number, command] of output.matchAll(token)) {
    rows[row] ??= [];
    if (command === undefined) {
      if (text === '\r') column = 0;
      else if (text === '\n') [row, column] = [row + 1, 0];
      else rows[row]?.splice(column++, 1, text);
    } else if (isPrivate === '') {
      if (command === 'G') column = Number(number || 1) - 1;
      else if (command === 'A') row -= Number(number || 1);
      else if (command === 'K') rows[row] = number === '1' ? [] : (rows[row]?.slice(0, column) ?? []);
    }
  }
  return rows.map((cells) => cells.join('').trimEnd()).filter((line) => line !== '');
}
