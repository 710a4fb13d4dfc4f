import { describe, expect, it, test } from '@jest/globals';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

describe('a value of a config file', () => {
  test.each([
    ['health: { path: health }', 'services[0].health.path', 'one slash'],
    ['health: { path: //evil.example.com }', 'services[0].health.path', 'one slash'],
    ['health: { successes: 1.5 }', 'services[0].health.successes', 'a whole number'],
    ['health: { failureThreshold: 0 }', 'services[0].health.failureThreshold', 'at least 1'],
    ['health: { interval: 0s }', 'services[0].health.interval', 'greater than zero'],
    ['health: { interval: 10s, startupBudget: 31m }', 'services[0].health.startupBudget', 'at most 30m'],
    [
      'health: { startupBudget: 20s, startupGrace: 30s }',
      'services[0].health.startupGrace',
      'lower health.startupGrace',
    ],
    ['watch: { badShare: 101 }', 'services[0].watch.badShare', 'at most 100'],
    ['health: { interval: 10ms }', 'services[0].health.interval', 'raise health.interval'],
    [
      'health: { timeout: 10s, startupBudget: 5s }',
      'services[0].health.timeout',
      'raise health.startupBudget',
    ],
    ['health: { authenticate: allways }', 'services[0].health.authenticate', 'auto, always, never'],
    ['health: { expect: { latency: 6s } }', 'services[0].health.expect.latency', 'raise health.timeout'],
    ['health: { expect: { status: 99 } }', 'services[0].health.expect.status', 'at least 100'],
    ['health: { expect: { json: .nan } }', 'services[0].health.expect.json', 'finite'],
    [
      'health: { expect: { headers: { "a b": c } } }',
      'services[0].health.expect.headers["a b"]',
      'header name',
    ],
    ['health: { revision: {} }', 'services[0].health.revision', 'exactly one of header and json'],
    [
      'health: { revision: { header: x-revision, json: $.revision } }',
      'services[0].health.revision',
      'exactly one of header and json',
    ],
    ['health: { revision: { header: "x revision" } }', 'services[0].health.revision.header', 'header name'],
    ['health: { revision: { json: revision } }', 'services[0].health.revision.json', 'JSONPath'],
    ['health: { revision: { headr: x } }', 'services[0].health.revision.headr', 'did you mean header'],
    ['health: { revision: x-revision }', 'services[0].health.revision', 'write { header: x-revision }'],
    ['health:', 'services[0].health', 'remove the key'],
    ['watch: { for: 30s }', 'services[0].watch.for', 'raise watch.for'],
    ['rollback: { perDay: 101 }', 'services[0].rollback.perDay', 'at most 100'],
    ['freeze: [{ cron: nonsense, for: 1h }]', 'services[0].freeze[0].cron', 'five fields'],
    ['freeze: [{ cron: "61 0 * * *", for: 1h }]', 'services[0].freeze[0].cron', 'five fields'],
    ['freeze: [{ cron: "@weekly", for: 1h }]', 'services[0].freeze[0].cron', 'five fields'],
    ['freeze: [{ cron: "0 0 30 2 *", for: 1h }]', 'services[0].freeze[0].cron', 'it never begins'],
    ['freeze: [{ cron: "0 17 * * FRI", for: 0h }]', 'services[0].freeze[0].for', 'greater than zero'],
    ['freeze: [{ cron: "0 17 * * FRI", for: 367d }]', 'services[0].freeze[0].for', 'at most 366d'],
    ['freeze: [{ cron: "0 17 * * FRI", for: 2days }]', 'services[0].freeze[0].for', '10m, 1h, 30d'],
    ['freeze: [{ cron: "0 17 * * FRI" }]', 'services[0].freeze[0].for', 'add `for:`'],
    [
      'freeze: [{ cron: "0 17 * * FRI", for: 63h, tz: Europe/Viena }]',
      'services[0].freeze[0].tz',
      'such as Europe/Vienna',
    ],
    ['freeze: [{ cron: "0 0 * * *", for: 24h }]', 'services[0].freeze', 'shorten `for`'],
    [
      'freeze: [{ cron: "0 0 * * *", for: 12h }, { cron: "0 12 * * *", for: 12h }]',
      'services[0].freeze',
      'shorten `for`',
    ],
    [
      'freeze: { cron: "0 17 * * FRI", for: 63h }',
      'services[0].freeze',
      'write [ { cron: 0 17 * * FRI, for: 63h } ]',
    ],
    ['notBefore: 2026-12-01', 'services[0].notBefore', '2026-12-01T08:00:00Z'],
    ['notBefore: "2026-12-01T08:00:00"', 'services[0].notBefore', 'offset from UTC'],
    ['triggers: [""]', 'services[0].triggers[0]', 'use at least 1 character'],
    ['suites: [{ name: a, kind: http, checks: [] }]', 'services[0].suites[0].checks', 'use at least 1 entry'],
    [`triggers: ["\${TRIGGER}"]`, 'services[0].triggers[0]', 'write the value itself'],
    ['suites: [{ name: smoke }]', 'services[0].suites[0].kind', 'http'],
    ['interval: 2s', 'services[0].interval', 'move it to health.interval'],
    ['xyzzy: 1', 'services[0].xyzzy', 'valid keys here: name, project'],
    ['constructor: { prototype: {} }', 'services[0]', 'remove it'],
    ['health: { expect: { json: { __proto__: 1 } } }', 'services[0].health.expect.json', 'remove it'],
    ['<<: { mode: guard }', 'services[0]', 'move shared values to `defaults`'],
    ['404: x', 'services[0]', 'put it in quotes'],
  ])('refuses %s', (line, path, fix) => {
    const faults = faultLines(configText(line));

    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(` ${path}: `);
    expect(faults[0]).toContain(fix);
  });

  test.each([
    ['name: Backend_1', 'services[0].name', 'lower-case letters'],
    ['project: 12', 'services[0].project', '12 is not text — write text'],
    ['region: us', 'services[0].region', 'us-central1'],
  ])('refuses %s in the place of a good one', (line, path, fix) => {
    const [key = ''] = line.split(':');
    const [fault] = faultLines(configText().replace(new RegExp(`${key}: .*`), line));

    expect(fault).toContain(` ${path}: `);
    expect(fault).toContain(fix);
  });

  it('asks for project and region where neither the service nor the defaults have them', () => {
    expect(faultLines('version: 1\nservices:\n  - name: web\n')).toEqual([
      'f.yaml:3:5 services[0].project: is missing — add `project:` here or to `defaults`',
      'f.yaml:3:5 services[0].region: is missing — add `region:` here or to `defaults`',
    ]);
  });

  it('points at the parent of what is missing', () => {
    expect(faultLines('services:\n  - project: acme-staging\n    region: us-central1\n')).toEqual([
      'f.yaml:1:1 version: is missing — add `version:`',
      'f.yaml:2:5 services[0].name: is missing — add `name:`',
    ]);
  });

  it('refuses two services of one name, and one Cloud Run service twice', () => {
    const text = configText().concat(
      '  - { name: backend, service: other, project: acme-staging, region: us-central1 }\n',
      '  - { name: again, service: backend, project: acme-staging, region: us-central1 }\n',
      '  - { name: elsewhere, service: backend, project: acme-staging, region: europe-west1 }\n',
    );
    expect(faultLines(text)).toEqual([
      'f.yaml:6:7 services[1].name: backend is already in services[0] — give each service a unique name',
      'f.yaml:7:20 services[2].service: backend in acme-staging, us-central1 is already in services[0] — list each Cloud Run service once',
    ]);
  });

  it('reports a fault of the defaults once, where it stands', () => {
    const text = configText().concat('  - { name: web, project: acme-staging, region: us-central1 }\n');
    expect(faultLines(`${text}defaults:\n  health: { timeout: 1s }\n`)).toEqual([
      expect.stringMatching(/^f\.yaml:8:13 defaults\.health\.timeout: /),
    ]);
  });

  it('says that a name which is no Cloud Run name cannot stand in for the service', () => {
    const text = configText().replace('name: backend', 'name: 1st');
    expect(faultLines(text)).toEqual([
      expect.stringMatching(/^f\.yaml:3:5 services\[0\]\.service: "1st" is not accepted/),
    ]);
  });
});
