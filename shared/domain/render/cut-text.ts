/** Never cuts a character in half. @param length in UTF-16 units, without the ellipsis */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length);
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** @param max in UTF-16 units, including the ellipsis */
export function capText(text: string, max: number): string {
  return text.length <= max ? text : cutText(text, max - 1);
}
