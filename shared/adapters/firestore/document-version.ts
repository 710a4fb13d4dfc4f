import type { Timestamp } from '@google-cloud/firestore';
import { PermanentError } from '../../domain/errors.ts';

const form = /^(\d{1,12})\.(\d{9})$/;

/** All nine digits of the update time: one that is cut to milliseconds matches no document. */
export function versionOf(updateTime: Timestamp): string {
  return `${updateTime.seconds}.${String(updateTime.nanoseconds).padStart(9, '0')}`;
}

/** @throws {PermanentError} `version` was not made by `versionOf` */
export function updateTimeOf(version: string, timestamp: typeof Timestamp): Timestamp {
  const match = form.exec(version);
  if (!match)
    throw new PermanentError(`not a version of this store: ${JSON.stringify(version.slice(0, 64))}`);
  return new timestamp(Number(match[1]), Number(match[2]));
}
