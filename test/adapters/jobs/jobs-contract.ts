import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecutionName, JobRef } from '../../../shared/domain/checks/job-ref.ts';
import { NotFoundError, PermanentError } from '../../../shared/domain/errors.ts';
import type { ExecutionState, JobOverrides, Jobs } from '../../../shared/ports/jobs.ts';

/** What the fixture's job does is said by its variable MODE. */
export type Mode = 'succeed' | 'fail' | 'hang';

/** What runs in the fixture's job: its command is `sh`. Undefined MODE: the overrides did not arrive. */
export const program =
  'case "$MODE" in succeed) exit 0;; fail) exit 3;; hang) exec sleep 600;; *) exit 9;; esac';

/** A job of its own: it runs `sh`, its own arguments end it with an error, and it is not tried again. */
export interface JobsFixture {
  readonly jobs: Jobs;
  readonly ref: JobRef;
  /** Waited between two looks at an execution: there is no event for its end. */
  pause(): Promise<void>;
  /** Deletes the job and closes what was opened. */
  close(): Promise<void>;
}

/** What every implementation of the port promises. The tests share one job. */
export function jobsContract(name: string, open: () => Promise<JobsFixture>, timeoutMs: number): void {
  describe(`Jobs on ${name}`, () => {
    let fixture: JobsFixture;
    const overrides = (mode: Mode, more: JobOverrides = {}): JobOverrides => ({
      args: ['-c', program],
      env: { MODE: mode },
      ...more,
    });
    const start = (mode: Mode, more?: JobOverrides): Promise<ExecutionName> =>
      fixture.jobs.start(fixture.ref, overrides(mode, more));
    const ended = async (execution: ExecutionName): Promise<ExecutionState> => {
      for (;;) {
        const state = await fixture.jobs.state(execution);
        if (state.kind !== 'running') return state;
        await fixture.pause();
      }
    };

    beforeAll(async () => {
      fixture = await open();
    }, timeoutMs);
    afterAll(() => fixture?.close(), timeoutMs);
    const test = (title: string, body: () => Promise<void>) => it(title, body, timeoutMs);

    test('runs a job with arguments and variables of its own, to its end', async () => {
      const execution = await start('succeed');
      const { project, region, job } = fixture.ref;
      expect(execution).toMatch(
        new RegExp(`^projects/${project}/locations/${region}/jobs/${job}/executions/.`),
      );
      expect(await ended(execution)).toEqual({ kind: 'succeeded' });
    });

    test('says why an execution failed', async () => {
      expect(await ended(await start('fail'))).toEqual({
        kind: 'failed',
        reason: expect.stringMatching(/fail/i),
      });
    });

    test('fails as a job by itself does when nothing is overridden', async () => {
      const execution = await fixture.jobs.start(fixture.ref, {});
      expect(await ended(execution)).toMatchObject({ kind: 'failed' });
    });

    test('makes two executions of two calls', async () => {
      const [one, two] = await Promise.all([start('succeed'), start('succeed')]);
      expect(one).not.toBe(two);
      expect([await ended(one), await ended(two)]).toEqual([{ kind: 'succeeded' }, { kind: 'succeeded' }]);
    });

    test('runs as many tasks as it is told, all of which must succeed', async () => {
      expect(await ended(await start('succeed', { taskCount: 2 }))).toEqual({ kind: 'succeeded' });
      expect(await ended(await start('fail', { taskCount: 2 }))).toMatchObject({ kind: 'failed' });
    });

    test('ends an execution that takes longer than it may', async () => {
      expect(await ended(await start('hang', { timeoutMs: 1_000 }))).toMatchObject({ kind: 'failed' });
    });

    test('cancels an execution, more than once if need be', async () => {
      const execution = await start('hang');
      expect(await fixture.jobs.state(execution)).toEqual({ kind: 'running' });
      await Promise.all([fixture.jobs.cancel(execution), fixture.jobs.cancel(execution)]);
      expect(await ended(execution)).toEqual({ kind: 'cancelled' });
      await fixture.jobs.cancel(execution);
      expect(await ended(execution)).toEqual({ kind: 'cancelled' });
    });

    test('leaves an execution as it is that has ended before it was cancelled', async () => {
      const execution = await start('succeed');
      await ended(execution);
      await fixture.jobs.cancel(execution);
      expect(await fixture.jobs.state(execution)).toEqual({ kind: 'succeeded' });
    });

    test('says that there is no such job, and how to create it', async () => {
      const nobody = { ...fixture.ref, job: 'no-such-job' };
      const starting = fixture.jobs.start(nobody, overrides('succeed'));
      await expect(starting).rejects.toBeInstanceOf(NotFoundError);
      await expect(starting).rejects.toThrow(/no-such-job.*gcloud run jobs create no-such-job/);
    });

    test('knows when there is no such execution', async () => {
      const name = `projects/${fixture.ref.project}/locations/${fixture.ref.region}/jobs/${fixture.ref.job}`;
      const nobody = `${name}/executions/${fixture.ref.job}-zzzzz` as ExecutionName;
      expect(await fixture.jobs.state(nobody)).toEqual({ kind: 'gone' });
      await expect(fixture.jobs.cancel(nobody)).resolves.toBeUndefined();
    });

    test('refuses a variable that is too long, for good', async () => {
      const long = overrides('succeed', { env: { MODE: 'succeed', LONG: 'x'.repeat(32_769) } });
      await expect(fixture.jobs.start(fixture.ref, long)).rejects.toBeInstanceOf(PermanentError);
      const fits = overrides('succeed', { env: { MODE: 'succeed', LONG: 'x'.repeat(32_768) } });
      expect(await ended(await fixture.jobs.start(fixture.ref, fits))).toEqual({ kind: 'succeeded' });
    });
  });
}
