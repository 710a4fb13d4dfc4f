import type { WorkLimit } from '../../domain/work-limit.ts';

/** Whether a text contains another one. @throws {TooExpensiveError} it takes more steps than are left */
export function holdsText(text: string, part: string, limit: WorkLimit): boolean {
  // At the worst, each character is compared with each, at 0.25 ns.
  limit.spend((text.length * part.length) / 400);
  return text.includes(part);
}
