import { describe, expect, it, test } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { configText } from './config-text.ts';

const now = new Date('2026-05-01T10:00:00Z');

function warningsOf(text: string): readonly string[] {
  return parseConfig(text, 'f.yaml', undefined, now).warnings.map(
    ({ line, path, message, fix }) => `${line} ${path}: ${message} — ${fix}`,
  );
}

const suite = (text: string, check = '') =>
  `suites: [{ name: a, kind: http, ${text}, checks: [{ name: b, path: / ${check} }] }]`;
const quarantine = (day: string) => suite(`quarantine: [{ tests: [b], owner: mail-team, until: "${day}" }]`);

describe('what a config has in vain', () => {
  test.each([
    [
      'the steps of a gate',
      'mode: gate\n    steps: [{ percent: 100, hold: 5m }]',
      '7 services[0].steps: has no effect in mode gate — set mode to canary, or remove the key',
    ],
    [
      'a canary without the request log',
      'mode: canary\n    requestLog: { use: off }',
      '7 services[0].requestLog.use: without the request log probes alone judge the steps of a canary',
    ],
    [
      'a quarantine that has ended',
      quarantine('2026-04-30'),
      '6 services[0].suites[0].quarantine[0].until: the quarantine ended on 2026-04-30: its checks count again — remove it, or let mail-team set a later day',
    ],
    [
      'a secret that no check uses',
      suite('secrets: { KEY: { env: KEY }, ID: { env: ID } }', `, auth: { bearer: "\${ID}" }`),
      '6 services[0].suites[0].secrets.KEY: no check uses this secret',
    ],
    [
      'a variable that no other service shares',
      'audits: { drift: { shared: [JWT_ISSUER] } }',
      '6 services[0].audits.drift.shared: no other service lists JWT_ISSUER',
    ],
  ])('is told: %s', (_what, lines, told) => {
    expect(warningsOf(configText(lines))).toEqual([expect.stringContaining(told)]);
  });

  test.each([
    ['the steps of a canary', 'mode: canary\n    steps: [{ percent: 100, hold: 5m }]'],
    ['a guard without the request log', 'requestLog: { use: off }'],
    ['a quarantine on its last day', quarantine('2026-05-01')],
    [
      'secrets of a command',
      'suites: [{ name: a, kind: command, list: l, run: "r {tests} {results}", secrets: { KEY: { env: KEY } } }]',
    ],
    [
      'secrets in a message',
      `suites: [{ name: a, kind: websocket, secrets: { KEY: { env: KEY } }, checks: [{ name: b, path: /, messages: [{ send: "\${KEY}" }] }] }]`,
    ],
  ])('is not: %s', (_what, lines) => {
    expect(warningsOf(configText(lines))).toEqual([]);
  });

  it('may be in the defaults, for some of the services', () => {
    const text = (mode: string) =>
      `version: 1\ndefaults: { project: acme-staging, region: us-central1, steps: [{ percent: 100, hold: 5m }], requestLog: { use: off } }\nservices:\n  - name: a\n  - { name: b, mode: ${mode} }\n`;
    expect(warningsOf(text('canary'))).toEqual([expect.stringContaining('2 defaults.requestLog.use: ')]);
    expect(warningsOf(text('gate'))).toEqual([
      expect.stringContaining('2 defaults.steps: has no effect in mode guard'),
    ]);
  });

  it('is not told of days where the time is not known, and does not change the digest', () => {
    const text = configText(quarantine('2026-04-30'));
    expect(parseConfig(text, 'f.yaml').warnings).toEqual([]);
    expect(parseConfig(text, 'f.yaml').digest).toBe(parseConfig(text, 'f.yaml', undefined, now).digest);
  });
});
