import { describe, expect, it, test } from '@jest/globals';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const check = (text: string) => `suites: [{ name: a, kind: http, checks: [{ name: b, path: /, ${text} }] }]`;
const suite = (text: string) => `suites: [{ name: a, kind: http, ${text}, checks: [{ name: b, path: / }] }]`;

/** One fault for each: its place, what was found, and what to write. */
describe('what to write in place of a wrong value', () => {
  test.each<[string, string, string]>([
    // Durations.
    [
      'health: { timeout: 4 }',
      'health.timeout',
      '4 is not a duration — write 4s (a whole number and a unit: 500ms',
    ],
    ['health: { timeout: "4" }', 'health.timeout', 'write 4s ('],
    ['health: { timeout: 4 s }', 'health.timeout', 'write 4s ('],
    ['health: { timeout: 4S }', 'health.timeout', 'write 4s ('],
    ['health: { timeout: 4 Seconds }', 'health.timeout', 'write 4s ('],
    ['health: { timeout: 0.5s }', 'health.timeout', 'write 500ms ('],
    ['health: { timeout: [4s] }', 'health.timeout', 'write 4s ('],
    [`health: { timeout: "${'1'.repeat(50_000)}!" }`, 'health.timeout', 'write a whole number and a unit'],
    ['health: { timeout: soon }', 'health.timeout', 'write a whole number and a unit'],
    ['health: { timeout: 1month }', 'health.timeout', 'write a whole number and a unit'],
    [
      'health: { timeout: true }',
      'health.timeout',
      'true is not a duration — write a whole number and a unit',
    ],
    [
      'health: { timeout: }',
      'health.timeout',
      'is empty — write a whole number and a unit: 500ms, 2s, 10m, 1h, 30d, or remove the key',
    ],
    ['watch: { for: 1h30m }', 'watch.for', 'write 90m ('],
    ['watch: { for: 90 minutes }', 'watch.for', 'write 90m ('],
    ['rollback: { maxAge: 30 days }', 'rollback.maxAge', 'write 30d ('],
    // A single value in place of a map or a list.
    ['watch: 15m', 'watch', '"15m" is not a map — write { for: 15m }'],
    ['rollback: auto', 'rollback', '"auto" is not a map — write { policy: auto }'],
    ['rollback: false', 'rollback', 'false is not a map — write a map, such as { policy: auto }'],
    ['health: /health', 'health', 'write { path: /health }'],
    ['health: [ /health ]', 'health', 'write { path: /health }'],
    ['health: { expect: 200 }', 'health.expect', 'write { status: 200 }'],
    ['health: { revision: x-revision }', 'health.revision', 'write { header: x-revision }'],
    ['health: { websocket: /ws }', 'health.websocket', 'write { path: /ws }'],
    ['health: { headers: [ "a: b" ] }', 'health.headers', 'write a map, such as { NAME: … }'],
    ['requestLog: required', 'requestLog', 'write { use: required }'],
    ['tls: ca.pem', 'tls', 'write { caFile: ca.pem }'],
    ['tests: all', 'tests', 'write { focus: all }'],
    ['steps: 5', 'steps', '5 is not a list — write [ { percent: 5, hold: 10m } ]'],
    ['steps: [25]', 'steps[0]', '25 is not a map — write { percent: 25, hold: 10m }'],
    ['steps: ["25%"]', 'steps[0]', 'write { percent: 25, hold: 10m }'],
    ['freeze: 0 17 * * FRI', 'freeze', 'write [ { cron: 0 17 * * FRI, for: 10m } ]'],
    ['triggers: deploy', 'triggers', 'write [ deploy ]'],
    ['urls: https://a.example', 'urls', 'write [ https://a.example ]'],
    [suite('tags: smoke'), 'suites[0].tags', 'write [ smoke ]'],
    [suite('quarantine: [x]'), 'suites[0].quarantine[0]', 'write { tests: [ x ], owner: …, until: … }'],
    [suite('secrets: { KEY: hunter2 }'), 'suites[0].secrets.KEY', 'write `{ env: NAME }` or'],
    [check('expect: { body: hello }'), 'suites[0].checks[0].expect.body', 'write { contains: hello }'],
    [check('capture: { ID: $.id }'), 'suites[0].checks[0].capture.ID', 'write `{ json: $.path }` or'],
    [
      'suites: [{ name: a, kind: http, checks: [ /health ] }]',
      'suites[0].checks[0]',
      'write { name: …, path: /health }',
    ],
    // Numbers and percentages.
    ['watch: { badShare: 10% }', 'watch.badShare', '"10%" is not a number — write 10'],
    ['requestLog: { errors: "5" }', 'requestLog.errors', 'write 5'],
    [
      'health: { successes: 3.5 }',
      'health.successes',
      '3.5 is not a whole number — write a whole number, such as 10',
    ],
    ['tests: { gates: 5 }', 'tests.gates', 'write { P1: 5 }'],
    // Words.
    ['mode: Gate', 'mode', 'write gate (one of guard, gate, canary)'],
    ['mode: gates', 'mode', 'write gate (one of'],
    ['mode: [gate]', 'mode', 'write gate (one of'],
    ['mode: blue-green', 'mode', '"blue-green" is not accepted — write one of guard, gate, canary'],
    ['mode:', 'mode', 'is empty — write one of guard, gate, canary, or remove the key'],
    ['rollback: { standingTag: yes }', 'rollback.standingTag', 'write true'],
    ['rollback: { standingTag: off }', 'rollback.standingTag', 'write false'],
    [check('method: get'), 'suites[0].checks[0].method', 'write GET (one of'],
    [suite('priority: 1'), 'suites[0].priority', 'write P1 (one of'],
    // Texts of a form.
    [
      'health: { path: health }',
      'health.path',
      'a path starts with one slash and has no spaces; write /health',
    ],
    ['health: { path: "https://a.example/up" }', 'health.path', 'write /up'],
    ['health: { revision: { json: version } }', 'health.revision.json', 'write $.version'],
    [
      'health: { expect: { body: { matches: "(" } } }',
      'health.expect.body.matches',
      'RE2 syntax, without look-around)',
    ],
    // Keys.
    ['Mode: gate', 'Mode', 'did you mean mode?'],
    ['request-log: { use: off }', 'request-log', 'did you mean requestLog?'],
    ['health: { startup_budget: 10s }', 'health.startup_budget', 'did you mean startupBudget?'],
    ['trigger: [a]', 'trigger', 'did you mean triggers?'],
    ['timeout: 4s', 'timeout', 'move it to health.timeout'],
    ['health: { propagation: 4s }', 'health.propagation', 'move it to services[0].propagation'],
    ['watch: { cooldown: 4m }', 'watch.cooldown', 'move it to services[0].rollback.cooldown'],
    [check('retries: 2'), 'suites[0].checks[0].retries', 'move it to services[0].suites[0].retries'],
    [
      'suites: [{ name: a, kind: command, list: l, run: "r {tests} {results}", checks: [] }]',
      'suites[0].checks',
      'does not belong to kind command — remove it; kind command has list, run, cwd, env, passEnv, startup, job',
    ],
    [
      suite('startup: 3s'),
      'suites[0].startup',
      'does not belong to kind http — remove it; kind http has checks',
    ],
    [check('messages: []'), 'suites[0].checks[0].messages', 'belongs to another kind — remove it'],
  ])('%s', (line, path, text) => {
    const lines = faultLines(configText(line));
    expect(lines).toEqual([expect.stringMatching(/^f\.yaml:6:\d+ /)]);
    expect(lines[0]).toContain(` services[0].${path}: `);
    expect(lines[0]).toContain(text);
  });

  it('is shown for each of several', () => {
    expect(faultLines(configText('steps: [5, 25, 100]'))).toEqual([
      'f.yaml:6:13 services[0].steps[0]: 5 is not a map — write { percent: 5, hold: 10m }',
      'f.yaml:6:16 services[0].steps[1]: 25 is not a map — write { percent: 25, hold: 10m }',
      'f.yaml:6:20 services[0].steps[2]: 100 is not a map — write { percent: 100, hold: 10m }',
    ]);
  });

  it.each(['4s', '15m', '{ for: 15m }', '[ deploy ]', '/health', '$.version'])(
    'can be written as it is told: %s',
    (written) => {
      const line = new Map([
        ['4s', 'health: { timeout: 4s }'],
        ['15m', 'watch: { for: 15m }'],
        ['{ for: 15m }', 'watch: { for: 15m }'],
        ['[ deploy ]', 'triggers: [ deploy ]'],
        ['/health', 'health: { path: /health }'],
        ['$.version', 'health: { revision: { json: $.version } }'],
      ]).get(written);
      expect(faultLines(configText(line ?? ''))).toEqual([]);
    },
  );
});

describe('a tab as indentation', () => {
  test.each([
    ['once', 'version: 1\nservices:\n\t- name: web\n', '3:1', 'a tab is no indentation'],
    [
      'after a key',
      'version: 1\nservices:\n  - name: web\n\tregion: a\n    project: b\n',
      '4:1',
      'a tab is no indentation',
    ],
    [
      'in each line',
      'version: 1\nservices:\n\t- name: web\n\t  region: a\n\t  health:\n\t    path: /\n',
      '3:1',
      'here and below',
    ],
    ['in brackets', 'version: 1\nservices: [\n\t{ name: web }\n]\n', '3:1', 'a tab is no indentation'],
    [
      'behind spaces',
      'version: 1\nservices:\n  - name: web\n    health:\n    \tpath: /\n',
      '5:5',
      'a tab is no indentation',
    ],
    ['behind a dash', 'version: 1\nservices:\n  -\tname: web\n', '3:4', 'a tab is no indentation'],
  ])('is one fault: %s', (_where, text, place, message) => {
    expect(faultLines(text)).toEqual([
      expect.stringMatching(`^f\\.yaml:${place} not YAML: .*${message} — indent with spaces$`),
    ]);
  });

  it('is not blamed for another fault', () => {
    const script =
      'version: 1\nservices:\n  - name: web\n    triggers:\n      - |\n        \ta\n    region: "a\n';
    expect(faultLines(script).join()).toContain('Missing closing "quote');
  });
});
