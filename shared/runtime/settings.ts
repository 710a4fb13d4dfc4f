import { z } from 'zod';

const AddressSchema = z.string().regex(/^(127\.0\.0\.1|\[::1\]):\d{1,5}$/, 'an address is 127.0.0.1:PORT');

const SettingsSchema = z.object({
  /** The local Cloud Run and Cloud Build to use in place of Google's. */
  DEPLOY_LOOP_CLOUD_ENDPOINT: AddressSchema.optional(),
  /** Local addresses that probes may reach, separated by commas; all others must be public. */
  DEPLOY_LOOP_LOCAL_ADDRESSES: z
    .string()
    .default('')
    .transform((text) => (text === '' ? [] : text.split(',')))
    .pipe(z.array(AddressSchema)),
  DEPLOY_LOOP_LOG_LEVEL: z.enum(['info', 'warn', 'error', 'silent']).default('silent'),
  /** Set by Google's Firestore emulator. */
  FIRESTORE_EMULATOR_HOST: z.string().optional(),
  DEPLOY_LOOP_DATABASE: z
    .string()
    .regex(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, 'not a Firestore database id')
    .default('(default)'),
});

/** What the environment says, parsed once. */
export interface Settings {
  readonly cloudEndpoint: { readonly host: string; readonly port: number } | undefined;
  readonly localAddresses: readonly string[];
  readonly logLevel: 'info' | 'warn' | 'error' | 'silent';
  readonly firestoreEmulatorHost: string | undefined;
  readonly databaseId: string;
}

/** The environment is not what it must be; the message lists every fault by variable. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** @throws {SettingsError} */
export function parseSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = SettingsSchema.safeParse(env);
  if (!parsed.success) {
    throw new SettingsError(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  }
  const settings = parsed.data;
  return {
    cloudEndpoint:
      settings.DEPLOY_LOOP_CLOUD_ENDPOINT === undefined
        ? undefined
        : splitAddress(settings.DEPLOY_LOOP_CLOUD_ENDPOINT),
    localAddresses: settings.DEPLOY_LOOP_LOCAL_ADDRESSES,
    logLevel: settings.DEPLOY_LOOP_LOG_LEVEL,
    firestoreEmulatorHost: settings.FIRESTORE_EMULATOR_HOST,
    databaseId: settings.DEPLOY_LOOP_DATABASE,
  };
}

function splitAddress(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
