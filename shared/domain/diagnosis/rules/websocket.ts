import { platformOnly, type Rule } from '../rule.ts';

const cut = 'websocket-abnormal-closure(1006)';
const internal = 'websocket-internal-error(1011)';
const handshake = 'websocket-handshake-failure';
const subprotocol = 'websocket-handshake-failure/subprotocol';

/** WebSocket conversations that break. */
export const websocketRules: readonly Rule[] = [
  {
    name: 'close-1011',
    layer: 'process',
    means: internal,
    weight: 72,
    pattern: String.raw`(?i)(?:ws|websocket|close\w*|closing|code|received|sent|error|symptom)\b.{0,40}\b1011\b|\b1011\b.{0,30}(?:internal error|unexpected)|WS_1011`,
    says: 'the server closed the WebSocket with 1011 (internal error)',
    source: 'RFC 6455 §7.4.1',
  },
  {
    name: 'accept-state',
    layer: 'cause',
    means: internal,
    weight: 78,
    pattern:
      '(?i)WebSocket is not connected|need to call "accept" first|Cannot call "(?:send|receive)" once|WebSocketState|websocket error: .{0,80}(?:object|attribute|argument|serializ|none)|Unexpected ASGI message .?websocket|Exception in ASGI application.{0,40}websocket|after sending .websocket\\.close',
    says: 'the server used the WebSocket in a state that does not allow it: $0',
    source: 'Starlette websockets.py, uvicorn',
  },
  {
    name: 'close-1006',
    layer: 'process',
    means: cut,
    weight: 70,
    pattern: String.raw`(?i)(?:ws|websocket|close\w*|code|status)\b.{0,40}\b1006\b|\b1006\b.{0,40}(?:abnormal|closure|connection)|no close frame|closed before (?:receiving|the connection)|(?:web ?sockets?|\bws\b|socket\.io|transport)\b.{0,60}(?:closed? (?:unexpectedly|abnormally|abruptly)|dropped?|drops|disconnect\w*|lost|cut\b|killed|reset)|transport (?:close|error)\b|ping timeout|keepalive ping timeout|WebSocketDisconnect|EOFException.{0,40}websocket|StatusCode: ?Some\(Abnormal\)|CLOSE_ABNORMAL`,
    says: 'the WebSocket was cut without a close frame (1006)',
    source: 'RFC 6455 §7.4.1, Socket.IO',
  },
  {
    name: 'socket-outlives-request',
    layer: 'process',
    means: cut,
    weight: 72,
    pattern: String.raw`(?i)(?:web ?sockets?|\bws\b|connections?|streams?|SSE)\b.{0,60}\b(?:after|every|exactly)\b.{0,20}(?:\d+ ?(?:s|sec\w*|min\w*|hours?|h)\b|request timeout|an hour)`,
    says: 'the WebSocket ended when its request reached the timeout: $0',
    from: platformOnly,
    source: 'cloud.google.com/run/docs/triggering/websockets',
  },
  {
    name: 'close-1008',
    layer: 'process',
    means: 'auth-failure',
    weight: 64,
    pattern: String.raw`(?i)(?:ws|websocket|close\w*|code)\b.{0,40}\b1008\b|policy violation`,
    says: 'the server closed the WebSocket with 1008 (policy violation)',
    source: 'RFC 6455 §7.4.1',
  },
  {
    name: 'subprotocol',
    layer: 'cause',
    means: subprotocol,
    weight: 84,
    pattern: String.raw`(?i)(?:no |unsupported |invalid |mismatch\w* )?sub-?protocols?\b.{0,60}(?:not|no|fail|mismatch|unsupported|missing|reject|negotiat|invalid|none|differ)|(?:no|unsupported|invalid|missing|mismatched|unknown|wrong) (?:\w+ )?sub-?protocols?|NegotiationError|Sec-WebSocket-Protocol|graphql-(?:transport-)?ws\b.{0,60}(?:not|mismatch|instead|expect)|subscriptions-transport-ws|Server sent (?:a|no) subprotocol`,
    says: 'client and server agree on no subprotocol: $0',
    source: 'RFC 6455 §4.2.2, ws, browsers',
  },
  {
    name: 'handshake',
    layer: 'process',
    means: handshake,
    weight: 72,
    isVague: true,
    pattern: String.raw`(?i)rejected WebSocket connection|Unexpected server response: ([2-9]\d+)|web ?socket.{0,60}(?:handshake|upgrade).{0,40}(?:fail|reject|error|HTTP|refus|40\d|50\d|invalid|missing|not)|(?:handshake|upgrade) (?:status|failed|error|request .{0,20}(?:fail|reject))|Session ID unknown|Unsupported upgrade request|No supported WebSocket library|InvalidStatus(?:Code)?\b|InvalidHandshake|InvalidUpgrade|InvalidMessage: did not receive a valid HTTP|Error during WebSocket handshake|Unexpected response code: \d+|Invalid (?:Upgrade|Sec-WebSocket-\w+|Connection) header|Can ?.?not upgrade|websocket: (?:bad handshake|the client is not using|request origin not allowed)|Received bad response code from server|Handshake status \d+|websocket: close sent before|"WebSocket /\S*" (?:403|40\d|50\d)|WebSocket connection to .{1,120} failed|(?:\bws\b|websocket)s?\W.{0,40}(?:fails?|cannot|can't|unable|never|refus|could not) .{0,20}connect|xhr poll error|WebSocketBadStatusException|WSServerHandshakeError|WebSocketException: Connection .{0,40}not upgraded|Unexpected response status code`,
    says: 'the WebSocket handshake was refused: $0',
    source: 'websockets, ws, gorilla/websocket, aiohttp, Socket.IO, uvicorn, browsers',
  },
];
