import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, request } from 'undici';
import type { PushRequest } from './push-request.ts';

export type PushOutcome =
  | { readonly kind: 'acked'; readonly status: number }
  | { readonly kind: 'nacked'; readonly status: number }
  /** Refused, cut, or not answered within the ack deadline. */
  | { readonly kind: 'unanswered'; readonly reason: string };

/** Every other answer, a redirect as well, asks for another delivery. */
const ackStatuses: readonly number[] = [102, 200, 201, 202, 204];

/** Delivers messages over HTTP, on connections that it keeps. */
export class PushClient {
  readonly #agent = new Agent({ connect: { lookup }, headersTimeout: 0, bodyTimeout: 0 });

  /** @param deadlineMs until when the answer must have begun */
  async push(url: string, { headers, body }: PushRequest, deadlineMs: number): Promise<PushOutcome> {
    let interim: number | undefined;
    try {
      const answer = await request(url, {
        method: 'POST',
        headers,
        body,
        dispatcher: this.#agent,
        signal: AbortSignal.timeout(deadlineMs),
        onInfo: ({ statusCode }) => {
          interim = statusCode;
        },
      });
      // What follows the status is of no interest, also when it breaks.
      await answer.body.dump().catch(() => {});
      return outcomeOf(interim === 102 ? interim : answer.statusCode);
    } catch (error) {
      if (interim === 102) return outcomeOf(interim);
      return { kind: 'unanswered', reason: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Cuts the pushes under way. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }
}

function outcomeOf(status: number): PushOutcome {
  return { kind: ackStatuses.includes(status) ? 'acked' : 'nacked', status };
}

/** `*.localhost` is this machine also where the resolver does not know it. */
const lookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname.endsWith('.localhost') ? '127.0.0.1' : hostname, options, callback);
};
