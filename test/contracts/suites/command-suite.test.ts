import { describe, expect, it } from '@jest/globals';
import { CommandSuiteSchema } from '../../../shared/contracts/suites/command-suite.ts';

const suite = {
  name: 'e2e',
  kind: 'command',
  list: 'pytest --collect-only -q',
  run: 'pytest --junitxml={results} {tests}',
};

describe('a command suite', () => {
  it.each([
    ['the tests as words', {}],
    ['the tests in a file', { run: 'npx run --file {testsFile} > {results}' }],
    ['a Cloud Run job', { job: 'projects/acme-staging/locations/us-central1/jobs/my-tests' }],
    ['variables of the shell', { run: `x=\${HOME} run {tests} {results}` }],
    ['a secret in its environment', { secrets: { KEY: { env: 'KEY' } }, env: { A: `\${KEY}` } }],
  ])('may name %s', (_what, changes) => {
    expect(CommandSuiteSchema.safeParse({ ...suite, ...changes }).success).toBe(true);
  });

  it.each<[string, object, string[], string]>([
    ['no tests', { run: 'pytest --junitxml={results}' }, ['run'], 'add {tests}'],
    ['no report', { run: 'pytest {tests}' }, ['run'], 'add {results}, the report file'],
    ['a slip', { run: 'pytest {test} {tests} {results}' }, ['run'], '{test} is unknown: use'],
    ['tests where all are listed', { list: 'pytest {tests}' }, ['list'], 'lists all tests'],
    ['a job by its name alone', { job: 'my-tests' }, ['job'], 'projects/PROJECT/locations/REGION/jobs/NAME'],
    ['a job in no region', { job: 'projects/acme-staging/locations/x/jobs/a' }, ['job'], 'write the job as'],
    ['an undeclared secret', { env: { A: `\${KEY}` } }, ['env', 'A'], 'declare KEY'],
  ])('may not name %s', (_what, changes, path, message) => {
    const issues = CommandSuiteSchema.safeParse({ ...suite, ...changes }).error?.issues ?? [];
    expect(issues).toContainEqual(
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    );
  });
});
