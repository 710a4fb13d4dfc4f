import type { Conversation } from '../../domain/websocket/conversation.ts';
import type { ConversationRequest, WebSockets } from '../../ports/web-sockets.ts';
import { AddressGuard, type Resolve } from '../http/address-guard.ts';
import { AuthenticatedAsk, noAnswer } from '../http/authenticated-ask.ts';
import type { IdTokens } from '../id-tokens/id-tokens.ts';
import { holdConversation } from './hold-conversation.ts';
import { type OpenSocket, openSocket } from './open-socket.ts';

export interface WsWebSocketsOptions {
  readonly tokens: IdTokens;
  /** Exact pairs (`127.0.0.1:8123`) that may be asked although they are not public; from the environment only. */
  readonly allowedLocalAddresses?: readonly string[];
  /** @default the system's resolver */
  readonly resolve?: Resolve;
}

/** How long the other side may take to respond to our close before the connection is cut. */
const goodbyeMs = 1_000;

/** WebSockets by `ws`: each has a connection of its own, and the address guard of probes applies. */
export class WsWebSockets implements WebSockets {
  readonly #guard: AddressGuard;
  readonly #authenticated: AuthenticatedAsk;

  constructor(options: WsWebSocketsOptions) {
    this.#guard = new AddressGuard(options.allowedLocalAddresses ?? [], options.resolve);
    this.#authenticated = new AuthenticatedAsk(options.tokens);
  }

  async converse(request: ConversationRequest): Promise<Conversation> {
    const admission = this.#guard.admit(request.url);
    if (admission.kind === 'blocked') return noAnswer('blocked', 0, admission.detail);
    const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(request.timeoutMs)));
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    const { url } = admission;
    const { audience, authenticate, subprotocols } = request;
    const opened = await this.#authenticated.ask<OpenSocket | Conversation>(
      { url, audience, authenticate, signal },
      (authorization) =>
        openSocket({
          url,
          subprotocols,
          headers: { 'user-agent': 'deploy-loop', ...request.headers, ...authorization },
          authenticated: Object.keys(authorization).length > 0,
          lookup: this.#guard.lookup,
          signal,
        }),
      isDenied,
    );
    if (opened.kind !== 'open') return opened;
    try {
      return await holdConversation(opened, request, signal);
    } finally {
      sayGoodbye(opened);
    }
  }
}

function isDenied(opened: OpenSocket | Conversation): boolean {
  return opened.kind === 'refused' && (opened.answer.status === 401 || opened.answer.status === 403);
}

/** Not awaited: the result of the conversation is already known. */
function sayGoodbye({ socket }: OpenSocket): void {
  const cut = setTimeout(() => socket.terminate(), goodbyeMs);
  socket.once('close', () => clearTimeout(cut));
  socket.resume();
  if (socket.readyState === socket.CLOSED) clearTimeout(cut);
  else socket.close(1000);
}
