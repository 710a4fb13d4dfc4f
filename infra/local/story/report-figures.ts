import type { StoryTimes } from './read-times.ts';
import type { UserView } from './users.ts';
import type { Voice } from './voice.ts';

export interface Figures {
  readonly times: StoryTimes;
  readonly users: UserView;
  readonly traffic: { readonly before: string; readonly after: string };
}

/** What it came to, when a bad deploy was taken back. @param stage that found it */
export function reportRollback(
  { times, users, traffic }: Figures,
  stage: 'health' | 'tests',
  voice: Voice,
): void {
  line(voice, 'detected', `${since(times.decided(stage))}`);
  line(voice, 'restored', `${since(times.done('rollback'))}, read back from Cloud Run`);
  reportEffect(users, traffic, voice);
}

/** What it came to, when the fix took over. */
export function reportPromotion({ times, users, traffic }: Figures, voice: Voice): void {
  line(voice, 'tested', `${since(times.decided('health'))}: healthy at its own tag URL`);
  line(voice, 'promoted', `${since(times.done('promote'))}`);
  line(voice, 'good', `${since(times.done('mark-good'))}: watched and recorded as good`);
  reportEffect(users, traffic, voice);
}

function reportEffect(users: UserView, { before, after }: Figures['traffic'], voice: Voice): void {
  line(voice, 'users', describeUsers(users));
  line(voice, 'traffic', `was  ${before}`);
  line(voice, '', `is   ${after}`);
}

function describeUsers({ good, failed, outageMs }: UserView): string {
  const answers = [...good].map(([version, count]) => `${count} by ${version}`).join(', then ');
  const errors =
    outageMs === undefined ? 'got no errors' : `got ${failed} errors in ${seconds(outageMs / 1000)}`;
  return `${errors}; good answers: ${answers || 'none'}`;
}

function line(voice: Voice, name: string, text: string): void {
  voice.say(`${name.padEnd(10)}${text}`);
}

function since(value: number): string {
  return Number.isNaN(value) ? 'never' : `${seconds(value)} after the message arrived`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
