import { describe, expect, it } from '@jest/globals';
import {
  type JobAssignment,
  JobReportSchema,
  maxReportBytes,
  readPresentedToken,
  renderJobAssignment,
} from '../../shared/contracts/suites/job-api.ts';
import { ExecutionNameSchema, JobNameSchema } from '../../shared/contracts/suites/job-name.ts';
import { jobNameOf } from '../../shared/domain/checks/job-ref.ts';
import { reportToken, token } from './collector.ts';

const assignment: JobAssignment = {
  mode: 'run',
  command: 'npx playwright test \\\n\n  --reporter junit',
  env: { DEPLOY_LOOP_URL: 'https://x.test' },
  results: 'out/junit.xml',
  token: reportToken,
  tests: ['a › b', 'tests 9'],
  timeoutS: 570,
};

describe('the assignment of a job', () => {
  it('is text that a shell can read', () => {
    expect(renderJobAssignment(assignment)).toBe(
      [
        'deploy-loop-shard 1',
        'mode run',
        'timeout 570',
        `limit ${maxReportBytes}`,
        'tests 2',
        `token ${reportToken}`,
        'results out/junit.xml',
        'env DEPLOY_LOOP_URL=https://x.test',
        'command npx playwright test \\',
        'command ',
        'command   --reporter junit',
        '',
        'a › b',
        'tests 9',
        '',
      ].join('\n'),
    );
  });

  it.each<[string, Partial<JobAssignment>]>([
    ['an id of two lines', { tests: ['a\ncommand reboot'] }],
    ['an empty id', { tests: [''] }],
    ['a value of two lines', { env: { A: 'b\n\ncommand reboot' } }],
    ['a carriage return in a value', { env: { A: 'b\rc' } }],
    ['a variable that is none', { env: { 'A=B c': 'd' } }],
    ['a file of two lines', { results: 'a\nb' }],
    ['no token', { token: '' }],
    ['a token of two lines', { token: 'a\ncommand reboot' }],
    ['no command', { command: '' }],
    ['no time', { timeoutS: 0 }],
    ['parts of a second', { timeoutS: 1.5 }],
  ])('never has %s', (_, change) => {
    expect(() => renderJobAssignment({ ...assignment, ...change })).toThrow();
  });
});

describe('the report of a job', () => {
  const headers = {
    'x-deploy-loop-exit': '137',
    'x-deploy-loop-outcome': 'timeout',
    'x-deploy-loop-body': 'missing',
    host: 'x',
  };

  it('says how the command ended', () => {
    expect(JobReportSchema.parse(headers)).toEqual({ exitCode: 137, outcome: 'timeout', body: 'missing' });
  });

  it.each([
    { 'x-deploy-loop-exit': '' },
    { 'x-deploy-loop-exit': '256' },
    { 'x-deploy-loop-exit': '-1' },
    { 'x-deploy-loop-exit': '1e1' },
    { 'x-deploy-loop-outcome': 'passed' },
    { 'x-deploy-loop-body': undefined },
  ])('is refused with %j', (change) => {
    expect(JobReportSchema.safeParse({ ...headers, ...change }).success).toBe(false);
  });
});

describe('readPresentedToken', () => {
  it('says what a token is for, and leaves its truth to be verified', () => {
    const expected = { text: token, runId: 'a1'.repeat(10), work: { kind: 'shard', i: 3 } };
    expect(readPresentedToken(`Bearer ${token}`)).toEqual(expected);
    expect(readPresentedToken(`bearer ${token}`)).toEqual(expected);
  });

  it.each([undefined, '', token, `Basic ${token}`, `Bearer  ${token}`, `Bearer ${token} x`, 'Bearer dl1.x'])(
    'finds none in %j',
    (authorization) => {
      expect(readPresentedToken(authorization)).toBeUndefined();
    },
  );
});

describe('names of jobs', () => {
  it('are whole names', () => {
    const name = 'projects/acme-staging/locations/us-central1/jobs/my-tests';
    const ref = JobNameSchema.parse(name);
    expect(ref).toEqual({ project: 'acme-staging', region: 'us-central1', job: 'my-tests' });
    expect(jobNameOf(ref)).toBe(name);
    expect(ExecutionNameSchema.parse(`${name}/executions/my-tests-x7k2p`)).toBe(
      `${name}/executions/my-tests-x7k2p`,
    );
  });

  it.each([
    'my-tests',
    'projects/acme-staging/locations/us-central1/services/my-tests',
    'projects/acme-staging/locations/us-central1/jobs/My_Tests',
    'projects/acme-staging/locations/nowhere/jobs/my-tests',
    'projects/A/locations/us-central1/jobs/my-tests',
    'projects/acme-staging/locations/us-central1/jobs/my-tests/executions/x',
    '../projects/acme-staging/locations/us-central1/jobs/my-tests',
  ])('are not %s', (name) => {
    expect(JobNameSchema.safeParse(name).success).toBe(false);
    expect(ExecutionNameSchema.safeParse(`${name}/../x`).success).toBe(false);
  });
});
