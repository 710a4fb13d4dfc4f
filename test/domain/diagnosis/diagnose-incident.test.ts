import { describe, expect, it } from '@jest/globals';
import type { Category } from '../../../shared/domain/diagnosis/categories.ts';
import { diagnoseIncident } from '../../../shared/domain/diagnosis/diagnose-incident.ts';
import type { Evidence, EvidenceSource, Incident } from '../../../shared/domain/diagnosis/evidence.ts';

/** `source: text`, one entry each. */
function evidence(...entries: readonly (readonly [EvidenceSource, string])[]): Incident {
  return {
    evidence: entries.map(
      ([source, text], n): Evidence => ({ ref: `log:${n}`, source, text, severity: 'ERROR' }),
    ),
    hasTraffic: true,
  };
}

const down: readonly [EvidenceSource, string] = ['symptom', 'http: 503'];

const known: readonly (readonly [
  title: string,
  category: Category,
  ...entries: (readonly [EvidenceSource, string])[],
])[] = [
  [
    'a variable that Python asks for',
    'missing-env-or-secret',
    ['platform', 'Container called exit(1).'],
    [
      'output',
      'Traceback (most recent call last):\n  File "/srv/main.py", line 4, in <module>\n    url = os.environ["QUEUE_URL"]\nKeyError: \'QUEUE_URL\'',
    ],
  ],
  [
    'code that does not parse',
    'container-startup-failure/syntax-error',
    down,
    [
      'output',
      '  File "/srv/views.py", line 12\n    def index(request)\n                     ^\nSyntaxError: expected \':\'',
    ],
  ],
  [
    'a package that was not installed',
    'container-startup-failure/missing-module',
    [
      'platform',
      'Default STARTUP TCP probe failed 1 time consecutively for container "web-1" on port 8080. The instance was not started. Connection failed with status CANCELLED.',
    ],
    ['output', "Error: Cannot find module 'express'\nRequire stack:\n- /srv/index.js"],
  ],
  [
    'a name that does not exist, at the start',
    'container-startup-failure/runtime-exception',
    ['platform', 'Container called exit(3).'],
    ['output', "NameError: name 'Settings' is not defined"],
  ],
  [
    'the same, while only one path is wrong',
    'app-logic-regression',
    ['test', 'GET /cart: status 500'],
    ['output', "AttributeError: 'NoneType' object has no attribute 'items'"],
  ],
  [
    'too little memory',
    'out-of-memory',
    down,
    ['platform', 'Memory limit of 256 MiB exceeded with 261 MiB used. Consider increasing the memory limit'],
  ],
  [
    'an image for another processor',
    'container-startup-failure/exec-format-error',
    ['platform', 'terminated: Application failed to start: failed to load /srv/run: exec format error'],
  ],
  [
    'a script with Windows line ends',
    'line-ending-corruption',
    ['output', '/bin/sh: ./start.sh: /bin/bash^M: bad interpreter: No such file or directory'],
  ],
  [
    'a secret that the account may not read',
    'permission-denied/IAM',
    [
      'platform',
      'Permission denied on secret: projects/1/secrets/db/versions/latest for Revision service account web@p.iam.gserviceaccount.com.',
    ],
  ],
  [
    'a table that is not there',
    'database-schema-mismatch',
    ['output', 'psycopg.errors.UndefinedTable: relation "orders" does not exist'],
  ],
  [
    'a database that does not answer',
    'dependency-unavailable/db',
    [
      'output',
      'sqlalchemy.exc.OperationalError: (psycopg2.OperationalError) connection to server at "10.1.0.3", port 5432 failed: Connection timed out',
    ],
  ],
  [
    'a Redis that does not answer',
    'dependency-unavailable/redis',
    ['output', 'Error: connect ETIMEDOUT 10.1.0.4:6379'],
  ],
  [
    'a port that nobody listens on',
    'port-not-listening/startup-timeout',
    [
      'platform',
      'Default STARTUP TCP probe failed 1 time consecutively for container "web-1" on port 8080. The instance was not started. Connection failed with status DEADLINE_EXCEEDED.',
    ],
    ['output', 'server listening on port 3000'],
  ],
  [
    'no instance',
    'no-available-instance/scaling',
    ['request', 'GET /: status 429: The request was aborted because there was no available instance.'],
  ],
  ['a quota', 'quota/rate-limit', ['output', '8 RESOURCE_EXHAUSTED: Quota exceeded for quota metric']],
  [
    'an image that is gone',
    'image-not-found',
    ['platform', "Image 'europe-docker.pkg.dev/p/r/web:1' not found."],
  ],
  [
    'tests that were never loaded',
    'test-collection-error',
    ['test', 'ERROR collecting tests/test_cart.py\nImportError while importing test module'],
  ],
  [
    'a WebSocket that the server closes',
    'websocket-internal-error(1011)',
    ['answer', 'closed with 1011 after 1 message'],
    ['output', 'TypeError: Object of type datetime is not JSON serializable'],
  ],
];

describe('a diagnosis', () => {
  it.each(known)('names %s', (_title, category, ...entries) => {
    const found = diagnoseIncident(evidence(...entries));
    expect(found).toMatchObject({ category });
    expect(found.confidence).toBeGreaterThanOrEqual(0.5);
    expect(found.whys.length).toBeGreaterThan(0);
  });

  it('rests each step on evidence that is there', () => {
    const incident = evidence(
      down,
      ['platform', 'Container called exit(1).'],
      ['output', "ModuleNotFoundError: No module named 'flask'"],
    );
    const refs = new Set(incident.evidence.map(({ ref }) => ref));
    const { whys } = diagnoseIncident(incident);
    expect(whys.map(({ question }) => question)).toEqual([
      'What was noticed?',
      'What did Cloud Run do?',
      'Why?',
    ]);
    for (const { evidence: own } of whys) {
      expect(own.length).toBeGreaterThan(0);
      for (const ref of own) expect(refs).toContain(ref);
    }
  });

  it('stops where the evidence stops', () => {
    const { category, whys, confidence, missing } = diagnoseIncident(evidence(down));
    expect({ category, confidence }).toEqual({ category: 'unknown', confidence: 0 });
    expect(whys).toEqual([{ question: 'What was noticed?', answer: 'http: 503', evidence: ['log:0'] }]);
    expect(missing).toContain('the output of the container (stdout and stderr)');
  });

  it('does not believe an application that speaks like the platform', () => {
    const text = 'Memory limit of 256 MiB exceeded with 261 MiB used.';
    expect(diagnoseIncident(evidence(['platform', text])).category).toBe('out-of-memory');
    expect(diagnoseIncident(evidence(['output', text])).category).toBe('unknown');
  });

  it('names the last own line of a traceback', () => {
    const traceback = `Traceback (most recent call last):
  File "/srv/main.py", line 8, in <module>
    start()
  File "/srv/app/start.py", line 31, in start
    engine = create_engine(url)
  File "/usr/local/lib/python3.12/site-packages/sqlalchemy/engine.py", line 600, in create_engine
    u = make_url(url)
TypeError: expected string or bytes-like object, got 'NoneType'`;
    const { whys } = diagnoseIncident(evidence(down, ['output', traceback]));
    expect(whys.at(-1)).toMatchObject({
      question: 'Where in the code?',
      answer: '/srv/app/start.py, line 31',
    });
  });

  it('finds the setting that the message names among those that differ from stable', () => {
    const incident = evidence(down, ['output', "KeyError: 'QUEUE_URL'"]);
    const changes = [{ field: 'env.QUEUE_URL', before: '(hidden)' }];
    const { whys } = diagnoseIncident({ ...incident, changes });
    expect(whys.at(-1)).toEqual({
      question: 'What has changed?',
      answer: 'env.QUEUE_URL is set on stable, and not on this revision',
      evidence: ['diff:env.QUEUE_URL'],
    });
  });

  it('takes no Windows line ends for the cause of what Python could not parse', () => {
    const found = diagnoseIncident(
      evidence(
        down,
        ['report', 'the file has CRLF line endings'],
        ['output', 'IndentationError: unexpected indent'],
      ),
    );
    expect(found.category).toBe('container-startup-failure/syntax-error');
    expect(found.alternatives).toContainEqual(
      expect.objectContaining({
        category: 'line-ending-corruption',
        confidence: 0,
        summary: expect.stringContaining('Not so'),
      }),
    );
  });

  it('takes no lack of memory for the cause where a server killed its worker for the time-out', () => {
    const found = diagnoseIncident(
      evidence(
        ['output', '[1] [CRITICAL] WORKER TIMEOUT (pid:17)'],
        ['output', '[1] [ERROR] Worker (pid:17) was sent SIGKILL! Perhaps out of memory?'],
      ),
    );
    expect(found.category).toBe('request-timeout');
    expect(found.alternatives).toContainEqual(
      expect.objectContaining({ category: 'out-of-memory', confidence: 0 }),
    );
  });

  it('suggests a rollback only where it can help', () => {
    const incident = evidence(down, ['output', "ModuleNotFoundError: No module named 'flask'"]);
    expect(diagnoseIncident(incident).suggestedAction).toBe('rollback');
    expect(diagnoseIncident({ ...incident, hasTraffic: false }).suggestedAction).toBe('none');
    expect(diagnoseIncident({ ...incident, failsOnStable: true }).suggestedAction).toBe('none');
    const changes = [{ field: 'env.QUEUE_URL', before: 'a', after: 'b' }];
    expect(diagnoseIncident({ ...incident, changes }).suggestedAction).toBe('none');
    const newImage = [{ field: 'image', before: 'a', after: 'b' }];
    expect(diagnoseIncident({ ...incident, changes: newImage }).suggestedAction).toBe('rollback');
    expect(diagnoseIncident(evidence(['output', "KeyError: 'QUEUE_URL'"])).suggestedAction).toBe(
      'fix-config',
    );
  });

  it('suggests no rollback for an exception that names no place in the own code, and is not sure of it', () => {
    const message = "AttributeError: 'Cart' object has no attribute 'add_all'";
    const at = (file: string) =>
      diagnoseIncident(
        evidence(['symptom', 'http: 500'], ['output', `  File "${file}", line 8, in add\n${message}`]),
      );
    const foreign = at('/usr/lib/python3/site-packages/carts/cart.py');
    expect(foreign).toMatchObject({ category: 'app-logic-regression', suggestedAction: 'none' });
    expect(foreign.confidence).toBeLessThan(0.6);
    const own = at('/srv/shop/cart.py');
    expect(own).toMatchObject({ category: 'app-logic-regression', suggestedAction: 'rollback' });
    expect(own.confidence).toBeGreaterThan(0.7);
  });

  it.each([
    'no code changes since the last good revision',
    'it fails intermittently',
    'this was no deploy regression',
    'it has failed for three weeks',
  ])('suggests no rollback where people say that %s', (report) => {
    const lines = '  File "/srv/shop/cart.py", line 8, in add\nTypeError: 3 is no cart';
    const incident = evidence(['symptom', 'http: 500'], ['output', lines]);
    expect(diagnoseIncident(incident).suggestedAction).toBe('rollback');
    const { evidence: told } = evidence(['symptom', 'http: 500'], ['output', lines], ['report', report]);
    expect(diagnoseIncident({ ...incident, evidence: told }).suggestedAction).toBe('none');
  });

  it.each<readonly [EvidenceSource, string]>([
    ['output', "PermissionError: [Errno 13] Permission denied: '/data/cart.db'"],
    ['report', "the image has no module: No module named 'flask'"],
    ['output', 'TypeError: fetch failed'],
  ])('suggests no rollback for what %s says: %s', (source, text) => {
    const { suggestedAction, confidence } = diagnoseIncident(evidence(down, [source, text]));
    expect(suggestedAction).not.toBe('rollback');
    expect(confidence).toBeLessThan(0.6);
  });

  it('is not sure of what people report alone', () => {
    const report = 'migrations were never applied, because the job was skipped';
    const told = diagnoseIncident(evidence(['report', report]));
    expect(told.category).toBe('database-schema-mismatch');
    expect(told.confidence).toBeLessThan(0.6);
    const logged = diagnoseIncident(
      evidence(['report', report], ['output', 'relation "orders" does not exist']),
    );
    expect(logged.confidence).toBeGreaterThan(0.8);
  });

  it('blames no tests for what users see', () => {
    const line = 'connect to localhost:9004 failed: Max retries exceeded';
    const refused = 'ECONNREFUSED 127.0.0.1:9004';
    const of = (symptom: string) =>
      diagnoseIncident(evidence(['symptom', symptom], ['unstated', line], ['unstated', refused]));
    expect(of('tests: 3 failed').category).toBe('test-environment-misconfigured');
    expect(of('http: 400').category).not.toMatch(/^test-/);
  });

  it('takes no failed build for the cause where Cloud Run started the image', () => {
    const build = [
      'unstated',
      'ERROR: build step 4 "gcr.io/p/sdk" failed: step exited with non-zero status: 1',
    ] as const;
    expect(diagnoseIncident(evidence(build)).category).toBe('build-failure');
    const started = evidence(build, ['platform', 'The container failed to start and listen on the port']);
    expect(diagnoseIncident(started).category).not.toBe('build-failure');
  });

  it.each([
    ['tests/test_cart.py', 'test-code-error'],
    ['/srv/shop/cart.py', 'app-logic-regression'],
  ])('blames for an exception whose frame is in %s: %s', (file, category) => {
    const lines = `  File "${file}", line 8, in add\nAttributeError: 'Cart' object has no attribute 'add_all'`;
    expect(diagnoseIncident(evidence(['test', lines])).category).toBe(category);
  });

  it.each<[symptom: string, source: EvidenceSource, line: string, category: Category]>([
    ['tests: 3 failed', 'test', "ModuleNotFoundError: No module named 'shop.fakes'", 'test-collection-error'],
    ['tests: 3 failed', 'test', 'Error: SHOP_TOKEN is not set', 'test-environment-misconfigured'],
    ['tests: 3 failed', 'output', 'Error: SHOP_TOKEN is not set', 'missing-env-or-secret'],
    ['build: failed', 'output', "Error: Cannot find module 'express'", 'build-failure'],
    ['http: 200', 'output', 'NameError: name Cart', 'healthy/none'],
  ])('reads by its circumstances (%s) what %s says: %s', (symptom, source, line, category) => {
    expect(diagnoseIncident(evidence(['symptom', symptom], [source, line])).category).toBe(category);
  });

  it('is less sure where two causes are as likely', () => {
    const one = evidence(['output', 'relation "orders" does not exist']);
    const two = evidence(
      ['output', 'relation "orders" does not exist'],
      ['output', "ModuleNotFoundError: No module named 'flask'"],
    );
    expect(diagnoseIncident(two).confidence).toBeLessThan(diagnoseIncident(one).confidence);
    expect(diagnoseIncident(two).alternatives.length).toBeGreaterThan(0);
  });

  it.each([
    ['nothing', ''],
    ['a line of 10 MB', 'x'.repeat(10_000_000)],
    ['colours', '\u001b[31mModuleNotFoundError: No module named flask\u001b[0m'],
    ['bytes', '\u0000\u0001\u0002\ud800'],
    ['a JSON line that is none', '{"message": '],
    ['deep JSON', `${'{"message":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['a million lines', 'a\n'.repeat(1_000_000)],
  ])('takes %s', (_what, text) => {
    expect(() => diagnoseIncident(evidence(['output', text]))).not.toThrow();
  });

  it('reads the message of a JSON line, whatever else is in it', () => {
    const line = JSON.stringify({
      level: 'error',
      user: 'KeyError: WRONG_NAME',
      message: "KeyError: 'QUEUE_URL'",
    });
    expect(diagnoseIncident(evidence(['output', line])).summary).toContain('QUEUE_URL');
  });
});
