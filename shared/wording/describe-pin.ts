import type { ServiceRecord } from '../contracts/records.ts';

/** `on web-1 since 2026-03-02T09:00:00.000Z in place of web-2: until the next good deploy` */
export function describePin({ owner, target, bad, at }: NonNullable<ServiceRecord['pin']>): string {
  const on = `on ${target} since ${at.toISOString()}`;
  if (owner === 'human') return `${on}, set manually: until it is unpinned`;
  return `${on}${bad ? ` in place of ${bad}` : ''}: until the next good deploy`;
}
