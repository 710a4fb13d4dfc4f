import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../../shared/config/config-error.ts';
import { parseConfig } from '../../../shared/config/parse-config.ts';
import { buildConversation } from '../../../shared/contracts/suites/build-conversation.ts';
import { WebsocketSuiteSchema } from '../../../shared/contracts/suites/websocket-suite.ts';

const place = { name: 'web', project: 'acme-staging', region: 'us-central1' };

function faultsOf(service: object, below: string): readonly string[] {
  try {
    parseConfig(JSON.stringify({ version: 1, services: [{ ...place, ...service }] }), 'deploy-loop.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message, fix }) => `${path.replace(below, '')}: ${message} — ${fix}`);
  }
}

/** The faults of a suite with this check, each as its path and its mend. */
const faultsOfCheck = (check: object, secrets: object = {}) =>
  faultsOf(
    { suites: [{ name: 'live', kind: 'websocket', secrets, checks: [check] }] },
    'services[0].suites[0].checks[0]',
  );

const full = {
  name: 'chat',
  path: `/chat/\${ROOM}`,
  query: { v: '2' },
  headers: { cookie: 'a=b' },
  auth: { bearer: `\${TOKEN}` },
  subprotocols: ['v2.chat', 'v1.chat'],
  messages: [
    { expect: { json: [{ path: '$.type', equals: 'ready' }], within: '2s', strict: true } },
    { json: { type: 'say', text: 'hello', token: `\${TOKEN}` } },
    { send: 'ping' },
    { expect: { contains: 'hello' } },
    { expect: { matches: '^pong' } },
    { expect: {} },
  ],
  closes: { codes: [1000, 1001], within: '1s' },
};

describe('WebSocket checks in the config', () => {
  it('may have a whole conversation', () => {
    const secrets = { TOKEN: { env: 'TOKEN' }, ROOM: { env: 'ROOM' } };
    expect(faultsOfCheck(full, secrets)).toEqual([]);
  });

  it('may be a handshake alone', () => {
    expect(faultsOfCheck({ name: 'opens', path: '/' })).toEqual([]);
  });

  it.each<[string, object, string, string]>([
    ['a slip in a key', { subprotocol: 'a' }, '.subprotocol', 'did you mean subprotocols?'],
    ['a path to another host', { path: '//evil.example' }, '.path', 'one slash'],
    [
      'a header that the handshake sets',
      { headers: { 'Sec-WebSocket-Protocol': 'a' } },
      '.headers',
      'use subprotocols',
    ],
    [
      'a header of the connection',
      { headers: { upgrade: 'h2c' } },
      '.headers.upgrade',
      'the connection itself',
    ],
    [
      'a header for the metadata server',
      { headers: { 'Metadata-Flavor': 'Google' } },
      '.headers.Metadata-Flavor',
      "Google's metadata server",
    ],
    [
      'a subprotocol that is no name',
      { subprotocols: ['a b'] },
      '.subprotocols[0]',
      'not the name of a subprotocol',
    ],
    ['a subprotocol twice', { subprotocols: ['a', 'a'] }, '.subprotocols', 'list each once'],
    [
      'a step that says and hears',
      { messages: [{ send: 'a', expect: {} }] },
      '.messages[0]',
      'write one of `{ send: TEXT }`',
    ],
    ['a step that is none', { messages: ['a'] }, '.messages[0]', 'write one of `{ send: TEXT }`'],
    ['a bad expression', { messages: [{ expect: { matches: '(' } }] }, '.messages[0].expect.matches', ''],
    ['a close code that is none', { closes: { codes: [999] } }, '.closes.codes[0]', 'at least 1000'],
    [
      'a secret that is not declared',
      { messages: [{ send: `\${KEY}` }] },
      '.messages[0].send',
      'declare KEY',
    ],
  ])('may not have %s', (_what, changes, path, fix) => {
    const faults = faultsOfCheck({ name: 'a', path: '/', ...changes });
    expect(faults.join('\n')).toContain(path);
    expect(faults.join('\n')).toContain(fix);
  });

  it('have names of their own', () => {
    const checks = [
      { name: 'a', path: '/' },
      { name: 'a', path: '/' },
    ];
    const suites = [{ name: 'live', kind: 'websocket', checks }];
    expect(faultsOf({ suites }, 'services[0].suites[0].')).toEqual([
      'checks[1].name: "a" is not accepted — give each check a unique name: checks[0] already has this one',
    ]);
  });
});

describe('a conversation as health probe', () => {
  it('is a check without a name', () => {
    const { name: _, auth: __, ...conversation } = { ...full, path: '/chat', messages: [{ send: 'ping' }] };
    expect(faultsOf({ health: { websocket: conversation } }, 'services[0].')).toEqual([]);
  });

  it('has no secrets', () => {
    const websocket = { path: '/', auth: { bearer: `\${TOKEN}` } };
    expect(faultsOf({ health: { websocket } }, 'services[0].').join('\n')).toContain(
      'is a variable reference, which only suites and what health sends and expects may contain',
    );
  });
});

describe('a conversation with its values', () => {
  const { checks } = WebsocketSuiteSchema.parse({
    name: 'live',
    kind: 'websocket',
    secrets: { KEY: { env: 'KEY' } },
    checks: [{ name: 'a', path: `/rooms/\${KEY}`, headers: { 'X-Key': `\${KEY}` } }],
  });
  const build = (value: string) =>
    checks.map((check) => buildConversation('https://a.example', check, new Map([['KEY', value]])));

  it('has them in path and headers', () => {
    expect(build('a/b')).toMatchObject([
      { url: 'https://a.example/rooms/a%2Fb', headers: { 'x-key': 'a/b' } },
    ]);
  });

  it.each(['a\n', 'ключ'])(
    'does not exist for %j, which no header can have, and does not show it',
    (value) => {
      expect(() => build(value)).toThrow(
        /the header X-Key is not sent: the value that was filled in is not one line of Latin-1 characters$/,
      );
    },
  );

  it('does not exist for a value that leads elsewhere', () => {
    expect(() => build('..')).toThrow('leads elsewhere');
  });
});
