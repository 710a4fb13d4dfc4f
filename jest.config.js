/** Runs TypeScript as ES modules; `--experimental-vm-modules` is set by `npm test`. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  globalSetup: '<rootDir>/test/emulators/global-setup.ts',
  globalTeardown: '<rootDir>/test/emulators/global-teardown.ts',
  testTimeout: 30_000,
};
