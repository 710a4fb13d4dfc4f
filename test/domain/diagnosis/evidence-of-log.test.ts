import { describe, expect, it } from '@jest/globals';
import { diagnoseIncident } from '../../../shared/domain/diagnosis/diagnose-incident.ts';
import { evidenceOfLog } from '../../../shared/domain/log-evidence/evidence-of-log.ts';
import type { LogEntry } from '../../../shared/domain/log-evidence/log-entry.ts';

const at = new Date('2026-11-05T10:00:00Z');
let written = 0;

function entry(text: string, stream = 'stderr a', source: LogEntry['source'] = 'output'): LogEntry {
  return { insertId: `n${written++}`, at, severity: 'DEFAULT', source, stream, text };
}

/** Cloud Logging makes an entry of each line; another instance prints its own lines meanwhile. */
function interleaved(lines: readonly string[]): readonly LogEntry[] {
  const others = [
    'Traceback (most recent call last):',
    '  File "/srv/other.py", line 99, in other',
    '    at other (/srv/other.js:99:1)',
    '\tat com.acme.Other.other(Other.java:99)',
  ];
  return lines.flatMap((line, n) => [entry(line), entry(others[n % others.length] ?? '', 'stderr b')]);
}

const python = [
  'Traceback (most recent call last):',
  '  File "/usr/local/lib/python3.12/site-packages/uvicorn/main.py", line 410, in main',
  '    run(',
  '  File "/srv/app/settings.py", line 12, in load',
  '    queue = connect(NAME)',
  '  File "/usr/local/lib/python3.12/site-packages/pika/connection.py", line 7, in connect',
  '    raise TypeError(name)',
  'TypeError: connect() got an unexpected name',
];

const tracebacks: readonly (readonly [language: string, place: string, lines: readonly string[]])[] = [
  ['Python', '/srv/app/settings.py, line 12', python],
  [
    'Python, behind the prefix of gunicorn',
    '/srv/app/settings.py, line 12',
    [`[2026-11-05 10:00:00 +0000] [7] [ERROR] Exception in worker process`, ...python],
  ],
  [
    'Python, in colours',
    '/srv/app/settings.py, line 12',
    python.map((line) => line.replace(/(".*?"|\w+Error)/, '\u001b[35m$1\u001b[0m')),
  ],
  [
    'Python, as lines of JSON',
    '/srv/app/settings.py, line 12',
    python.map((message) => JSON.stringify({ severity: 'INFO', message, logger: 'root' })),
  ],
  [
    'Node',
    '/srv/dist/cart.js, line 31',
    [
      '/srv/node_modules/express/lib/router.js:46',
      "TypeError: Cannot read properties of undefined (reading 'items')",
      '    at total (/srv/dist/cart.js:31:18)',
      '    at Layer.handle (/srv/node_modules/express/lib/router/layer.js:95:5)',
    ],
  ],
  [
    'Java',
    'CartService.java, line 31',
    [
      'Exception in thread "main" java.lang.NullPointerException: cart',
      '\tat com.acme.CartService.total(CartService.java:31)',
      '\tat com.acme.Main.main(Main.java:9)',
    ],
  ],
  [
    'Go',
    '/srv/cart.go, line 31',
    [
      'panic: runtime error: invalid memory address or nil pointer dereference',
      'goroutine 1 [running]:',
      'main.total(...)',
      '\t/srv/cart.go:31 +0x1d',
      'main.main()',
      '\t/srv/main.go:9 +0x1d',
    ],
  ],
  [
    'Ruby',
    '/srv/cart.rb, line 31',
    [
      "/srv/cart.rb:31:in `total': undefined method `items' for nil (NoMethodError)",
      "\tfrom /srv/main.rb:9:in `<main>'",
    ],
  ],
  [
    '.NET',
    '/srv/Cart.cs, line 31',
    [
      'Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.',
      '   at Acme.Cart.Total() in /srv/Cart.cs:line 31',
      '   at Acme.Program.Main() in /srv/Program.cs:line 9',
    ],
  ],
];

describe('a traceback with an entry for each line', () => {
  it.each(tracebacks)('has its place among the lines of others: %s', (_language, place, lines) => {
    const evidence = evidenceOfLog(interleaved(lines));
    const { whys } = diagnoseIncident({ evidence, hasTraffic: true });
    expect(whys).toContainEqual(expect.objectContaining({ question: 'Where in the code?', answer: place }));
  });
});

describe('what a log says', () => {
  it('holds no secret that goes on from one entry of an instance to its next', () => {
    const evidence = evidenceOfLog([
      entry('-----BEGIN PRIVATE KEY-----'),
      entry('ready', 'stderr b'),
      entry('MIIEpAIBAAKCAQEAc0re7Secret9PartMIIEpAIBAAKCAQEA'),
      entry('ready', 'stderr b'),
      entry('-----END PRIVATE KEY-----'),
    ]);
    const texts = evidence.map(({ text }) => text);
    expect(texts.join(' ')).not.toContain('c0re7Secret9Part');
    expect([texts[1], texts[3]]).toEqual(['ready', 'ready']);
  });

  it('is bounded, however long an entry is, and has its beginning and its end', () => {
    const line = `start ${'x'.repeat(10_000_000)} KeyError: 'QUEUE_URL'`;
    const [one] = evidenceOfLog([entry(line)]);
    expect(one?.text.length).toBeLessThanOrEqual(100_001);
    expect(one?.text).toMatch(/^start x+… KeyError: 'QUEUE_URL'$/);
  });

  it('is bounded in all', () => {
    const evidence = evidenceOfLog(Array.from({ length: 1_000 }, () => entry('ab '.repeat(80_000))));
    const length = evidence.reduce((sum, { text }) => sum + text.length, 0);
    expect(length).toBeLessThanOrEqual(1_001_000);
  });

  it('is no end of a token whose beginning was cut off', () => {
    const cut = `start ${'x '.repeat(60_000)}ghp_${'c0re7Secret9Part'.repeat(2_000)} end`;
    expect(evidenceOfLog([entry(cut)])[0]?.text).not.toContain('c0re7Secret9Part');
  });

  it('may be of any bytes', () => {
    const bytes = String.fromCharCode(...Array.from({ length: 5_000 }, (_, n) => (n * 7919) % 65_536));
    const { category } = diagnoseIncident({ evidence: evidenceOfLog([entry(bytes)]), hasTraffic: true });
    expect(category).toBe('unknown');
  });
});

const sentences = [
  'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment variable within the allocated timeout.',
  'Default STARTUP TCP probe failed 1 time consecutively for container "web-1" on port 8080. The instance was not started. Connection failed with status CANCELLED.',
  'Memory limit of 512 MiB exceeded with 543 MiB used.',
  'The request was aborted because there was no available instance.',
  'The request failed because the instance could not start successfully.',
  'LIVENESS HTTP probe failed 1 time consecutively for container web-1 on port 8080. The instance has been shut down.',
  'The service has encountered an error during container import. Please try again later.',
  "Image 'gcr.io/acme/web' not found.",
];
const platformLog = 'projects/acme/logs/run.googleapis.com%2Fvarlog%2Fsystem';

describe("an application that prints the platform's sentences", () => {
  const judge = (text: string, source: LogEntry['source']) =>
    diagnoseIncident({ evidence: evidenceOfLog([entry(text, 'stdout a', source)]), hasTraffic: true });

  it.each(
    sentences.flatMap((message) => [
      message,
      `${platformLog} ERROR ${message}`,
      JSON.stringify({ message, severity: 'ERROR', logName: platformLog }),
      JSON.stringify({
        message,
        source: 'platform',
        labels: { instanceId: 'x' },
        resource: { type: 'cloud_run_revision' },
      }),
    ]),
  )('moves nothing: %s', (text) => {
    expect(judge(text, 'output')).toMatchObject({ category: 'unknown', suggestedAction: 'none' });
  });

  it.each(sentences)('says something in the log of the platform: %s', (text) => {
    expect(judge(text, 'platform').category).not.toBe('unknown');
  });
});
