/** A number and its noun: `1 check`, `2 checks`. @default many the noun with an `s` */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
