import { z } from 'zod';
import { ExitCodeOutput, schemaVersion } from './parts.ts';

/** What went wrong, for programs; a code never changes its meaning. */
export const errorCodes = [
  /** The command line is wrong; over HTTP, the query. */
  'bad-request',
  'bad-config',
  /** A file, an option's value or the records cannot be used. */
  'bad-input',
  /** A variable of the environment, or the credentials, cannot be used. */
  'bad-environment',
  'not-found',
  /** Only over HTTP: another method than GET. */
  'method',
  /** Google or the records did not answer, or not yet: the same may succeed later. */
  'unavailable',
  /** Google refused, or a record cannot be read: the same will fail again. */
  'failed',
  /** By a signal or at `--timeout`; the message says what was done. */
  'interrupted',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** A fault of a config file. */
export const FaultOutput = z.strictObject({
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  path: z.string(),
  message: z.string(),
  fix: z.string(),
});

/** @property parameter only over HTTP: the one that is wrong. @property faults only of a config file: all of them */
export const ErrorOutput = z.strictObject({
  code: z.enum(errorCodes),
  message: z.string(),
  exitCode: ExitCodeOutput,
  parameter: z.string().optional(),
  faults: z.array(FaultOutput).optional(),
});

export const ErrorDocument = z.strictObject({ schemaVersion: z.literal(schemaVersion), error: ErrorOutput });
