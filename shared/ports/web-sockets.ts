import type { Conversation, ConversationScript } from '../domain/websocket/conversation.ts';
import type { ProbeRequest } from './prober.ts';

export interface ConversationRequest
  extends ConversationScript,
    Pick<ProbeRequest, 'url' | 'timeoutMs' | 'authenticate' | 'audience' | 'headers' | 'signal'> {}

/**
 * WebSockets to services, under the rules of probes: public addresses only, no redirects, an ID token for the service
 * itself only. Never throws for faults of the other side; buffers at most 1 MiB of a message, and few messages.
 */
export interface WebSockets {
  /** @param request its `url` is an HTTP URL; the socket connects to the same place */
  converse(request: ConversationRequest): Promise<Conversation>;
}
