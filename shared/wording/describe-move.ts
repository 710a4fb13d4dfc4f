import type { Intent } from '../domain/records/intent.ts';
import { formatSplit, specSplit } from '../domain/service-state.ts';

/** `LATEST 100 % → web-1 100 %` */
export function describeMove({ before, after }: Pick<Intent, 'before' | 'after'>): string {
  return `${formatSplit(specSplit(before, undefined))} → ${formatSplit(specSplit(after, undefined))}`;
}
