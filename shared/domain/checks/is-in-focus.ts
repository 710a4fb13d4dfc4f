import type { Priority } from './priorities.ts';

/** The properties by which a focus selects. */
export interface Focusable {
  readonly priority: Priority;
  readonly category?: string | undefined;
  readonly tags: readonly string[];
}

/** @param focus `all`, `golden-path` (a tag), `category:NAME`, `priority:P1` or `tag:NAME` */
export function isInFocus({ priority, category, tags }: Focusable, focus: string): boolean {
  if (focus === 'all') return true;
  if (focus === 'golden-path') return tags.includes(focus);
  const colon = focus.indexOf(':');
  const value = focus.slice(colon + 1);
  switch (focus.slice(0, colon)) {
    case 'category':
      return category === value;
    case 'priority':
      return priority === value;
    case 'tag':
      return tags.includes(value);
    default:
      return false;
  }
}
