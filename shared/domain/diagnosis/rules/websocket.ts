import type { Rule } from '../rule.ts';

/** WebSocket conversations that break. */
export const websocketRules: readonly Rule[] = [
  {
    name: 'close-1011',
    layer: 'noticed',
    means: 'websocket-internal-error(1011)',
    weight: 74,
    pattern: String.raw`(?i)(?:ws|websocket|close|closed|closing|code|received|sent|error|symptom)\b.{0,40}\b1011\b|\b1011\b.{0,30}(?:internal error|unexpected)`,
    says: 'the server closed the WebSocket with 1011 (internal error)',
    source: 'RFC 6455 §7.4.1',
  },
  {
    name: 'accept-state',
    layer: 'cause',
    means: 'websocket-internal-error(1011)',
    weight: 76,
    pattern:
      '(?i)WebSocket is not connected|need to call "accept" first|Cannot call "(?:send|receive)" once|WebSocketState|websocket error: .{0,80}(?:object|attribute|argument|serializ|none)',
    says: 'the server used the WebSocket in a state that does not allow it: $0',
    source: 'Starlette websockets.py',
  },
  {
    name: 'close-1006',
    layer: 'noticed',
    means: 'websocket-abnormal-closure(1006)',
    weight: 56,
    pattern: String.raw`(?i)(?:ws|websocket|close|closed|code)\b.{0,40}\b1006\b|no close frame received`,
    says: 'the WebSocket was cut without a close frame (1006)',
    source: 'RFC 6455 §7.4.1',
  },
  {
    name: 'close-1008',
    layer: 'noticed',
    means: 'auth-failure',
    weight: 60,
    pattern: String.raw`(?i)(?:ws|websocket|close|closed|code)\b.{0,40}\b1008\b|policy violation`,
    says: 'the server closed the WebSocket with 1008 (policy violation)',
    source: 'RFC 6455 §7.4.1',
  },
  {
    name: 'subprotocol',
    layer: 'cause',
    means: 'websocket-handshake-failure/subprotocol',
    weight: 76,
    pattern: String.raw`(?i)(?:no |unsupported |invalid |mismatch\w* )?sub-?protocols?\b.{0,60}(?:not|no|fail|mismatch|unsupported|missing|reject|negotiat)|NegotiationError: .{0,20}subprotocol|no subprotocols supported|Sec-WebSocket-Protocol.{0,40}(?:header|no response|not include|missing)`,
    says: 'client and server agree on no subprotocol: $0',
    source: 'RFC 6455 §4.2.2',
  },
  {
    name: 'handshake',
    layer: 'noticed',
    means: 'websocket-handshake-failure',
    weight: 62,
    pattern: String.raw`(?i)rejected WebSocket connection: HTTP (\d+)|Unexpected server response: ([2-9]\d+)|websocket.{0,40}handshake.{0,40}(?:fail|reject|error|HTTP|40\d|50\d)|handshake (?:status|failed)|Session ID unknown|Unsupported upgrade request|No supported WebSocket library|InvalidStatus(?:Code)?\b|Error during WebSocket handshake`,
    says: 'the WebSocket handshake was refused: $0',
    source: 'websockets, ws, browsers',
  },
];
