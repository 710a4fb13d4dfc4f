import { Option } from 'commander';
import { z } from 'zod';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { parseOption } from './parse-option.ts';

/** The author and the reason of a change; stored with it. */
export interface AuditOptions {
  readonly why?: string;
  readonly as?: string;
  readonly dryRun?: true;
}

const maxLength = 300;
const AuditTextSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(maxLength, `must have at most ${maxLength} characters`)
  .refine((text) => !/\p{Cc}/u.test(text), 'must be one line without control characters');

export const whyOption = new Option(
  '--why <text>',
  'the reason, stored with the record (may be omitted with --dry-run)',
).argParser(parseOption(AuditTextSchema));
export const asOption = new Option(
  '--as <name>',
  'the author, stored with the record (default: the current user)',
).argParser(parseOption(AuditTextSchema));
export const dryRunOption = new Option('--dry-run', 'show what would happen, and change nothing');

/** The author and reason that a dry run shows. */
const nobody = 'dry run';

/**
 * Returns author and reason; a dry run may omit both.
 * @throws {BadInputError} one is missing
 */
export function readAudit(
  options: AuditOptions,
  io: Pick<CliIo, 'env'>,
): { readonly actor: string; readonly why: string } {
  const why = options.why ?? (options.dryRun ? nobody : undefined);
  if (why === undefined) throw new BadInputError('--why TEXT is required: it is stored with the record');
  return { actor: readActor(options, io), why };
}

/**
 * Returns the author; a dry run may omit it.
 * @throws {BadInputError} it is missing
 */
export function readActor({ as, dryRun }: AuditOptions, { env }: Pick<CliIo, 'env'>): string {
  const { data: user } = AuditTextSchema.safeParse(env.USER ?? env.LOGNAME ?? env.USERNAME);
  const actor = as ?? user ?? (dryRun ? nobody : undefined);
  if (actor === undefined)
    throw new BadInputError('--as NAME is required, since USER is not set: it is stored with the record');
  return actor;
}
