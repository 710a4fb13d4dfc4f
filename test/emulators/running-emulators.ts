import type { RunningEmulator } from '../../infra/local/emulators/start-emulator.ts';

/** What the global set-up has started and the global teardown must stop, by the variable that names its host. */
export const runningEmulators = new Map<string, RunningEmulator>();
