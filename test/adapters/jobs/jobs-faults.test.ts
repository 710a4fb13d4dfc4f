import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LocalCloud } from '../../../infra/local/local-cloud.ts';
import { GoogleJobs } from '../../../shared/adapters/google/google-jobs.ts';
import type { JobRef } from '../../../shared/domain/checks/job-ref.ts';
import { UnknownOutcomeError } from '../../../shared/domain/errors.ts';

const name = 'projects/local-project/locations/us-central1/jobs/tests';

describe('GoogleJobs, when things go wrong', () => {
  let local: LocalCloud;
  let jobs: GoogleJobs;
  let ref: JobRef;
  const count = () => local.jobs.get(ref).executions.length;
  const hang = { args: ['-c', 'exec sleep 600'] };

  beforeAll(async () => {
    local = await LocalCloud.start({ profile: 'fast' });
    jobs = new GoogleJobs({ endpoint: local.endpoint });
    ref = local.jobs.define({ job: 'tests', container: { command: 'sh', args: ['-c', 'exit 0'] } });
  });
  afterAll(async () => {
    await jobs.close();
    await local.stop();
  });

  it('calls a start whose answer was lost an unknown outcome: one execution is there, and no second', async () => {
    const before = count();
    local.faults.next('RunJob', { loseAnswer: true });
    await expect(jobs.start(ref, {})).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(count()).toBe(before + 1);
  });

  it('calls a start that never arrived an unknown outcome too: it is not sent again', async () => {
    const before = count();
    local.faults.next('RunJob', { dropRequest: true });
    await expect(jobs.start(ref, {})).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(count()).toBe(before);
  });

  it.each([
    ['RESOURCE_EXHAUSTED', 'TransientError'],
    ['ABORTED', 'TransientError'],
    ['UNAVAILABLE', 'UnknownOutcomeError'],
    ['DEADLINE_EXCEEDED', 'UnknownOutcomeError'],
    ['INTERNAL', 'UnknownOutcomeError'],
    ['UNKNOWN', 'UnknownOutcomeError'],
    ['NOT_FOUND', 'NotFoundError'],
    ['PERMISSION_DENIED', 'PermanentError'],
    ['UNAUTHENTICATED', 'TransientError'],
    ['INVALID_ARGUMENT', 'PermanentError'],
    ['FAILED_PRECONDITION', 'PermanentError'],
  ] as const)('takes %s in answer to a start for a %s', async (code, expected) => {
    local.faults.next('RunJob', { code: status[code], message: 'so it is' });
    await expect(jobs.start(ref, {})).rejects.toMatchObject({
      name: expected,
      message: expect.stringContaining(`RunJob ${name}: ${code}: so it is`),
    });
  });

  it('names the permission that is missing, and the command that creates the job', async () => {
    local.faults.next('RunJob', { code: status.PERMISSION_DENIED, message: 'no' });
    await expect(jobs.start(ref, {})).rejects.toThrow(/run\.jobs\.runWithOverrides/);
    await expect(jobs.start({ ...ref, job: 'absent' }, {})).rejects.toThrow(
      'gcloud run jobs create absent --project local-project --region us-central1 --image IMAGE --command sh',
    );
  });

  it('looks once more when the API was not there, and then says so', async () => {
    const execution = await jobs.start(ref, hang);
    local.faults.next('GetExecution', { dropRequest: true });
    await expect(jobs.state(execution)).resolves.toEqual({ kind: 'running' });
    local.faults.next('GetExecution', { dropRequest: true, times: 2 });
    await expect(jobs.state(execution)).rejects.toMatchObject({ name: 'TransientError' });
    await jobs.cancel(execution);
  });

  it('cancels although the answer was lost, and says when it could not', async () => {
    const execution = await jobs.start(ref, hang);
    local.faults.next('CancelExecution', { code: status.PERMISSION_DENIED, message: 'no' });
    await expect(jobs.cancel(execution)).rejects.toMatchObject({ name: 'PermanentError' });
    local.faults.next('CancelExecution', { code: status.RESOURCE_EXHAUSTED, message: 'later' });
    await expect(jobs.cancel(execution)).rejects.toMatchObject({ name: 'TransientError' });
    await expect(jobs.state(execution)).resolves.toEqual({ kind: 'running' });
    local.faults.next('CancelExecution', { loseAnswer: true });
    await jobs.cancel(execution);
    await local.jobs.execution(execution).ended;
    await expect(jobs.state(execution)).resolves.toEqual({ kind: 'cancelled' });
  });

  it('calls an execution that never starts running, until it is cancelled', async () => {
    local.faults.next('RunJob', { neverEnds: true });
    const execution = await jobs.start(ref, {});
    await expect(jobs.state(execution)).resolves.toEqual({ kind: 'running' });
    await jobs.cancel(execution);
    await local.jobs.execution(execution).ended;
    await expect(jobs.state(execution)).resolves.toEqual({ kind: 'cancelled' });
    expect(local.jobs.logs(execution)).toEqual([]);
  });

  it('calls an execution gone whose job was deleted', async () => {
    const doomed = local.jobs.define({ job: 'doomed', container: { command: 'sh' } });
    const execution = await jobs.start(doomed, hang);
    await local.jobs.delete(doomed);
    await expect(jobs.state(execution)).resolves.toEqual({ kind: 'gone' });
  });
});
