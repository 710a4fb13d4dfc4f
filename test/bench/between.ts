/** Milliseconds from one moment to another; not a number where one is missing. */
export function between(from: Date | undefined, to: Date | undefined): number {
  return from && to ? to.getTime() - from.getTime() : Number.NaN;
}
