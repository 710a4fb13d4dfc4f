import { firestoreEmulator } from '../emulators/emulators.ts';
import { startEmulator } from '../emulators/start-emulator.ts';

/** Google's Firestore emulator, or why there is none. */
export type LocalDatabase = AsyncDisposable &
  ({ readonly host: string } | { readonly host: undefined; readonly missing: string });

/** Takes the emulator that FIRESTORE_EMULATOR_HOST names, or starts one where it is installed. */
export async function openDatabase(env: NodeJS.ProcessEnv): Promise<LocalDatabase> {
  const nothing = async () => {};
  const host = env.FIRESTORE_EMULATOR_HOST;
  if (host) return { host, [Symbol.asyncDispose]: nothing };
  const missing = firestoreEmulator.missing();
  if (missing !== undefined) return { host: undefined, missing, [Symbol.asyncDispose]: nothing };
  const emulator = await startEmulator(firestoreEmulator);
  return { host: emulator.host, [Symbol.asyncDispose]: () => emulator.stop() };
}
