import type { Category } from './categories.ts';
import type { EvidenceSource } from './evidence.ts';

/**
 * How deep a message looks:
 *
 * - `noise`: no sign of a fault; the line counts for nothing else
 * - `noticed`: what users or tests saw
 * - `platform`: what Cloud Run did about it
 * - `process`: how the process ended
 * - `cause`: why
 * - `origin`: what in the commit brought the cause
 */
export const layers = ['noise', 'noticed', 'platform', 'process', 'cause', 'origin'] as const;
export type Layer = (typeof layers)[number];

/** An exception, of which the circumstances tell what it broke: the start, a WebSocket, or one path. */
export const exception = 'exception';

/** How a pattern begins that ignores the case. */
export const ignoringCase = '(?i)';

/** One message, and what it means. */
export interface Rule {
  readonly name: string;
  readonly layer: Layer;
  readonly means: Category | typeof exception;
  /** How surely the message alone proves the category, from 0 to 100. */
  readonly weight: number;
  /** It tells that something went wrong, and hardly what: another rule on the same line knows better. */
  readonly isVague?: true;
  /** A regular expression for one line, without nested repetitions; `(?i)` at its start ignores the case. */
  readonly pattern: string;
  /** A sentence for people; `$1` is the first group. */
  readonly says: string;
  /** Who may say so; absent: anyone. */
  readonly from?: readonly EvidenceSource[];
  /** Where the message comes from. */
  readonly source: string;
}

/** Whose words about the platform are believed: an application's are not. */
export const platformOnly: readonly EvidenceSource[] = [
  'platform',
  'request',
  'answer',
  'symptom',
  'report',
  'unstated',
];
