import { createInterface } from 'node:readline';
import { signalGroup } from './process-group.ts';

/**
 * Outlives the local cloud by a moment: reads `+pgid` and `-pgid` lines, and when the pipe closes, however the
 * parent ended, kills every group that is left.
 */
const groups = new Set<number>();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const group = Number(line.slice(1));
  if (line.startsWith('+')) groups.add(group);
  else groups.delete(group);
});
lines.on('close', () => {
  for (const group of groups) signalGroup(group, 'SIGKILL');
});
