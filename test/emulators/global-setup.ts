import { type Emulator, firestoreEmulator, pubSubEmulator } from '../../infra/local/emulators/emulators.ts';
import type { Requirement } from '../../infra/local/emulators/requirement.ts';
import { startEmulator } from '../../infra/local/emulators/start-emulator.ts';
import { neededRequirements, type Selection } from './needed-requirements.ts';
import { runningEmulators } from './running-emulators.ts';

/**
 * Starts the emulators that the selected tests need, and tells the tests by Google's own variables where they are.
 * One that these variables name already is used as it is.
 *
 * @throws {Error} with `CI=true`, when something that the tests need is not installed
 */
export default async function globalSetup(selection: Selection): Promise<void> {
  const needed = [...neededRequirements(selection)];
  const missing = needed.flatMap(describeMissing);
  if (missing.length > 0 && process.env.CI === 'true') {
    throw new Error(`the tests need what is not here:\n${missing.join('\n')}`);
  }
  for (const line of missing) process.stderr.write(`skipping tests that need ${line}\n`);
  const emulators = [firestoreEmulator, pubSubEmulator].filter((emulator) => needed.includes(emulator));
  await Promise.all(emulators.filter(isToBeStarted).map(start));
}

function describeMissing(requirement: Requirement): readonly string[] {
  const missing = requirement.missing();
  return missing === undefined ? [] : [`${requirement.name}: ${missing}`];
}

function isToBeStarted(emulator: Emulator): boolean {
  return !process.env[emulator.hostVariable] && emulator.missing() === undefined;
}

async function start(emulator: Emulator): Promise<void> {
  const running = await startEmulator(emulator);
  runningEmulators.set(emulator.hostVariable, running);
  process.env[emulator.hostVariable] = running.host;
}
