import { z } from 'zod';
import { hashOf } from '../../../shared/domain/ids.ts';
import { invalidArgument } from '../rpc-error.ts';
import { compareRecords, type Position } from './local-logging.ts';
import type { LogRecord } from './log-record.ts';

export interface PageRequest {
  readonly order: 'asc' | 'desc';
  readonly size: number;
  /** Empty: the first page. */
  readonly token: string;
  /** What was asked for, besides size and token: a token is good for the same question only. */
  readonly of: string;
}

export interface RecordPage {
  readonly items: readonly LogRecord[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

const Token = z.object({ of: z.string(), at: z.number(), insertId: z.string() });

/**
 * A token is the place of the last entry given, so that entries that come in meanwhile move nothing.
 * @param records oldest first
 * @throws {RpcError} INVALID_ARGUMENT: a token that no page of this question gave
 */
export function pageOfRecords(
  records: readonly LogRecord[],
  { order, size, token, of }: PageRequest,
): RecordPage {
  const asked = hashOf(of);
  const last = token === '' ? undefined : readToken(token, asked);
  const ordered = order === 'asc' ? records : records.toReversed();
  const sign = order === 'asc' ? 1 : -1;
  const rest =
    last === undefined ? ordered : ordered.filter((record) => sign * compareRecords(record, last) > 0);
  const items = rest.slice(0, size);
  const end = items.at(-1);
  const more = rest.length > items.length && end !== undefined;
  return { items, nextPageToken: more ? writeToken(end, asked) : '' };
}

function writeToken({ timestamp, insertId }: Position, of: string): string {
  return Buffer.from(JSON.stringify({ of, at: timestamp.getTime(), insertId })).toString('base64url');
}

function readToken(token: string, asked: string): Position {
  const { of, at, insertId } = parseToken(token);
  if (of !== asked) throw invalidArgument("page_token doesn't match arguments from the request");
  return { timestamp: new Date(at), insertId };
}

function parseToken(token: string): z.infer<typeof Token> {
  try {
    return Token.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw invalidArgument('page_token is not valid');
  }
}
