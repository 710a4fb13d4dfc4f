import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from './find-on-path.ts';

/**
 * A file of the gcloud SDK below `platform/`.
 *
 * @param name with the version's place in the name, where there is one
 * @returns its path, or undefined when the SDK or this component is not installed
 */
export function findInCloudSdk(folder: string, name: RegExp): string | undefined {
  const root = cloudSdkRoot();
  if (root === undefined) return undefined;
  const path = join(root, 'platform', folder);
  const file = existsSync(path) ? readdirSync(path).find((entry) => name.test(entry)) : undefined;
  return file && join(path, file);
}

function cloudSdkRoot(): string | undefined {
  const gcloud = findOnPath('gcloud');
  if (gcloud === undefined) return undefined;
  const root = dirname(dirname(realpathSync(gcloud)));
  // A package may install a wrapper elsewhere; asking gcloud itself takes most of a second.
  return existsSync(join(root, 'platform')) ? root : askForRoot(gcloud);
}

function askForRoot(gcloud: string): string | undefined {
  try {
    const root = execFileSync(gcloud, ['info', '--format=value(installation.sdk_root)'], {
      encoding: 'utf8',
    });
    return root.trim() || undefined;
  } catch {
    return undefined;
  }
}
