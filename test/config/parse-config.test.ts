import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../shared/config/config-error.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { ConfigSchema } from '../../shared/contracts/config.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const everyKey = `
version: 1
defaults: {}
services:
  - name: backend
    project: acme-staging
    region: us-central1
    service: backend-staging
    mode: guard
    triggers: [deploy-backend]
    health:
      path: /health
      expect: { status: 200, json: { status: healthy }, headers: {}, latency: 2s }
      interval: 2s
      timeout: 5s
      startupBudget: 240s
      successes: 3
      failureThreshold: 3
      authenticate: auto
    urls: []
    propagation: 10s
    watch: { for: 10m, minimum: 60s }
    rollback: { policy: auto, maxAge: 30d, maxRevisions: 10, cooldown: 10m, perDay: 5, standingTag: true }
    suites: []
    `;

describe('parseConfig', () => {
  it('accepts a file with every key', () => {
    const { config, warnings } = parseConfig(everyKey, 'f.yaml');

    expect(warnings).toEqual([]);
    expect(ConfigSchema.parse(config)).toEqual(config);
    expect(config.services[0]).toMatchObject({
      service: 'backend-staging',
      triggers: ['deploy-backend'],
      health: { expect: { json: { status: 'healthy' } } },
    });
  });

  it('fills in what a short file leaves out', () => {
    const { config } = parseConfig(configText(), 'f.yaml');

    expect(config.services).toEqual([
      expect.objectContaining({
        name: 'backend',
        service: 'backend',
        mode: 'guard',
        propagation: '10s',
        triggers: [],
      }),
    ]);
    expect(config.services[0]?.health).toMatchObject({
      path: '/',
      startupBudget: '240s',
      authenticate: 'auto',
    });
  });

  it('takes built-in defaults, then the file’s, then the service’s; maps merge and lists replace', () => {
    const text = `
version: 1
defaults:
  project: acme-staging
  region: us-central1
  triggers: [one, two]
  health: { timeout: 4s, expect: { headers: { x-app: shop }, json: { status: ok } } }
services:
  - name: web
    triggers: [three]
    health: { successes: 5, expect: { headers: { x-part: web }, json: { part: web } } }
`;
    const service = parseConfig(text, 'f.yaml').config.services[0];

    expect(service).toMatchObject({ project: 'acme-staging', region: 'us-central1', triggers: ['three'] });
    expect(service?.health).toMatchObject({ timeout: '4s', successes: 5, failureThreshold: 3 });
    expect(service?.health.expect).toEqual({
      status: 200,
      latency: '2s',
      headers: { 'x-app': 'shop', 'x-part': 'web' },
      json: { status: 'ok', part: 'web' },
    });
  });

  it('gives one digest to files that mean the same, and another to one that does not', () => {
    const digestOf = (text: string) => parseConfig(text, 'f.yaml').digest;
    const short = digestOf(configText());

    expect(short).toMatch(/^[0-9a-f]{20}$/);
    expect(digestOf(configText('mode: guard # as ever', 'health: { path: "/" }'))).toBe(short);
    expect(digestOf(configText('health: { path: /health }'))).not.toBe(short);
  });

  it('expands an alias', () => {
    const text = configText('health: { path: /up, expect: &e { status: 204 } }').concat(
      '  - { name: other, project: acme-staging, region: us-central1, health: { expect: *e } }\n',
    );
    expect(parseConfig(text, 'f.yaml').config.services[1]?.health.expect.status).toBe(204);
  });

  it('finds all faults at once, in the order of the file, each with its place and how to mend it', () => {
    const text = configText(
      'mode: bluegreen',
      'health:',
      '  interval: 2 s',
      '  succeses: 3',
      '  expect: { status: "200" }',
      'propagation: !!js/function 10s',
      '__proto__: { polluted: true }',
      'urls: [https://shop.example.com/health, "https://169.254.169.254/"]',
    );

    expect(faultLines(text)).toEqual([
      'f.yaml:6:5 services[0].mode: "bluegreen" is not accepted — write one of guard, gate, canary',
      'f.yaml:8:7 services[0].health.interval: "2 s" is not accepted — write 2s (a whole number and a unit: 500ms, 2s, 10m, 1h, 30d)',
      'f.yaml:9:7 services[0].health.succeses: unknown key — did you mean successes?',
      'f.yaml:10:17 services[0].health.expect.status: "200" is not accepted — write 200 (a status such as 204, without quotes, or a class such as 2xx)',
      'f.yaml:11:5 services[0].propagation: has the YAML tag "tag:yaml.org,2002:js/function" — remove the tag; put text that looks like a number in quotes',
      'f.yaml:12:5 services[0]: the key __proto__ is not allowed — remove it',
      'f.yaml:13:45 services[0].urls[1]: "https://169.254.169.254/" is not accepted — 169.254.169.254 is not a public address (linkLocal)',
    ]);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('still looks at sound services when another is broken', () => {
    const text = configText('health: { timeout: 1s }').concat('  - { name: 7 }\n');

    expect(faultLines(text)).toEqual([
      expect.stringMatching(/^f\.yaml:6:15 services\[0\]\.health\.timeout: a response may take 2s/),
      expect.stringMatching(/^f\.yaml:7:7 services\[1\]\.name: 7 is not text/),
    ]);
  });

  it('throws faults as data, and none of them is worth a retry', () => {
    const parse = () => parseConfig(configText('mode: bluegreen'), 'f.yaml');

    expect(parse).toThrow(ConfigError);
    try {
      parse();
    } catch (error) {
      expect(error).toMatchObject({
        retryable: false,
        faults: [{ file: 'f.yaml', line: 6, column: 5, path: 'services[0].mode', fix: expect.any(String) }],
      });
    }
  });

  it('counts faults that are too many to print', () => {
    const lines = Array.from({ length: 150 }, (_, i) => `unknown-${i}: 1`);
    expect(faultLines(configText(...lines)).at(-1)).toBe('… and 50 more');
  });

  it('warns of a health path that Cloud Run may answer itself', () => {
    const { warnings } = parseConfig(configText('health: { path: /healthz?full=1 }'), 'f.yaml');
    expect(warnings).toEqual([
      expect.objectContaining({
        line: 6,
        path: 'services[0].health.path',
        message: expect.stringContaining('/healthz'),
      }),
    ]);
  });
});
