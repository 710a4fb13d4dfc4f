import { runningEmulators } from './running-emulators.ts';

/** Stops what the global set-up has started, and nothing else. */
export default async function globalTeardown(): Promise<void> {
  for (const variable of runningEmulators.keys()) delete process.env[variable];
  await Promise.all([...runningEmulators.values()].map((running) => running.stop()));
  runningEmulators.clear();
}
