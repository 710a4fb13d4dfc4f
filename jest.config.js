import { availableParallelism } from 'node:os';

/** Test files that start no process: domain, contracts, services and the command line on fakes. */
const fast = [
  '(config|contracts|domain|functions|house|runtime|services|test-reports|wording)/',
  'adapters/[a-z]+/(cloud-run-answers|firestore-errors|google-faults|memory-|prober-errors|store-)',
  'bench/',
  'cli/(?!no-credentials|results|start-folder|terminal|validate-process)',
  'local/(logging/logging-filter|pubsub/pubsub-format|seeded-random|update-mask)',
  'docs/(environment|cloud-build)',
  'mutations/(?!work-copy|jest-process)',
].join('|');
/** Thousands of schedules, and processes that die at each of many points. */
const deep = '(chaos|simulation)/';

/** Runs TypeScript as ES modules; `--experimental-vm-modules` is set by `npm test`. */
const project = (displayName, ignored) => ({
  displayName,
  roots: ['<rootDir>/test'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [`^<rootDir>/test/${ignored}`],
  testEnvironment: '<rootDir>/test/plain-environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  // zod loads its 60 translations, which no test asks for, in each test file.
  moduleNameMapper: { '^\\.\\./locales/index\\.js$': 'zod/v4/locales/en.js' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
      },
    ],
  },
});
const withProcesses = {
  setupFilesAfterEnv: ['<rootDir>/test/patience.ts'],
  globalSetup: '<rootDir>/test/emulators/global-setup.ts',
  globalTeardown: '<rootDir>/test/emulators/global-teardown.ts',
};

export default {
  projects: [
    project('fast', `(?!${fast})`),
    // Whatever is in neither of the others.
    { ...project('stack', `(${fast}|${deep})`), ...withProcesses },
    { ...project('deep', `(?!${deep})`), ...withProcesses },
  ],
  testSequencer: '<rootDir>/test/longest-first.js',
  testTimeout: 30_000,
  // On a busy machine a worker needs more than the default 500 ms to exit, and jest would warn of a leak.
  workerGracefulExitTimeout: 20_000,
  // Two on one core too: many tests wait for processes.
  maxWorkers: Math.max(2, availableParallelism()),
};
