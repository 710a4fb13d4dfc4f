import { readFileSync } from 'node:fs';

/** The script that runs in users' jobs, as text; see its head for what a job must bring along. */
export function readAgent(): string {
  return readFileSync(new URL('./agent.sh', import.meta.url), 'utf8');
}
