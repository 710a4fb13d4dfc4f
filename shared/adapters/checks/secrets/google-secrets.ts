import { PermanentError, TransientError } from '../../../domain/errors.ts';
import type { AccessSecret } from './composed-secrets.ts';

const timeoutMs = 10_000;
/** gRPC: NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION (disabled or destroyed), INVALID_ARGUMENT. */
const permanent = new Map([
  [5, 'no such secret or version'],
  [7, 'no permission: grant roles/secretmanager.secretAccessor to the account that runs this'],
  [9, 'the version is disabled or destroyed'],
  [3, 'the name is not that of a secret version'],
]);

/** Reads secrets from Google Cloud's Secret Manager. Its client is loaded at the first read. */
export function googleSecrets(): AccessSecret {
  let client: Promise<import('@google-cloud/secret-manager').SecretManagerServiceClient> | undefined;
  return async (name) => {
    client ??= import('@google-cloud/secret-manager').then((sdk) => new sdk.SecretManagerServiceClient());
    try {
      const [version] = await (await client).accessSecretVersion({ name }, { timeout: timeoutMs });
      const data = version.payload?.data;
      if (!data || data.length === 0) throw new PermanentError(`secret ${name} is empty`);
      return typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    } catch (error) {
      throw explain(name, error);
    }
  };
}

function explain(name: string, error: unknown): Error {
  if (error instanceof PermanentError) return error;
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : Number.NaN;
  const why = permanent.get(code);
  // The client's own text may contain the request; code and name are enough.
  return why === undefined
    ? new TransientError(`secret ${name} could not be read (code ${code})`)
    : new PermanentError(`secret ${name}: ${why}`);
}
