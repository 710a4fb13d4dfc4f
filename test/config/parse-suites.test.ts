import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../shared/config/config-error.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';

const head = `version: 1
services:
  - name: web
    project: acme-staging
    region: us-central1
`;
const smoke = '{ name: smoke, kind: command, list: a, run: "b {results} {tests}" }';

/** The faults of a service with `lines`, each as its path and its words. */
function faultsOf(lines: string): readonly string[] {
  try {
    parseConfig(`${head}    ${lines}`, 'deploy-loop.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message, fix }) => `${path}: ${message} — ${fix}`);
  }
}

describe('suites in the config', () => {
  it('have defaults for everything but what they are', () => {
    const { config } = parseConfig(`${head}    suites: [${smoke}]`, 'deploy-loop.yaml');
    expect(config.services[0]?.suites[0]).toMatchObject({
      priority: 'P3',
      tags: [],
      timeout: '30s',
      suiteTimeout: '10m',
      retries: 1,
      retryPause: '2s',
      groups: [],
      quarantine: [],
      secrets: {},
    });
    expect(config.services[0]?.tests).toMatchObject({ focus: 'all', gates: { P1: 0, P2: 5 }, p95: '2s' });
  });

  it.each([
    [
      'a kind that there is not',
      'suites: [{ name: a, kind: htp }]',
      'suites[0].kind',
      'http, websocket, command',
    ],
    ['no kind', 'suites: [{ name: a }]', 'suites[0].kind', 'is missing'],
    [
      'a slip in a key',
      `suites: [{ pririty: P1, ${smoke.slice(1)}]`,
      'suites[0].pririty',
      'did you mean priority?',
    ],
    ['a slip in the job', `suites: [{ jop: x, ${smoke.slice(1)}]`, 'suites[0].jop', 'did you mean job?'],
    [
      'a job that is none',
      `suites: [{ job: my-tests, ${smoke.slice(1)}]`,
      'suites[0].job',
      'projects/PROJECT/locations/REGION/jobs/NAME',
    ],
    ['two of one name', `suites: [${smoke}, ${smoke}]`, 'suites[1].name', 'already the name of suites[0]'],
    [
      'a check that may take longer than all',
      `suites: [{ timeout: 20m, ${smoke.slice(1)}]`,
      'suites[0].timeout',
      'lower timeout',
    ],
    [
      'a suite that may take longer than the stage',
      `suites: [{ suiteTimeout: 2h, ${smoke.slice(1)}]`,
      'suites[0].suiteTimeout',
      'tests.timeout',
    ],
    [
      'a pause that is longer than a lease should be',
      `suites: [{ retryPause: 61s, ${smoke.slice(1)}]`,
      'suites[0].retryPause',
      'use at most 1m',
    ],
    [
      'a pause that is no duration',
      `suites: [{ retryPause: soon, ${smoke.slice(1)}]`,
      'suites[0].retryPause',
      'write a whole number and a unit',
    ],
    [
      'a focus that nothing is in',
      `suites: [${smoke}]\n    tests: { focus: golden-path }`,
      'tests.focus',
      'golden-path',
    ],
    ['a focus that there is not', 'tests: { focus: everything }', 'tests.focus', 'all, golden-path'],
    [
      'a secret by value',
      `suites: [{ secrets: { TOKEN: hunter2 }, ${smoke.slice(1)}]`,
      'secrets.TOKEN',
      'write `{ env: NAME }`',
    ],
    [
      'a slip in a secret',
      `suites: [{ secrets: { TOKEN: { secretmanager: x } }, ${smoke.slice(1)}]`,
      'TOKEN.secretmanager',
      'did you mean secretManager?',
    ],
    [
      'a quarantine without an owner',
      `suites: [{ quarantine: [{ tests: [a], until: 2026-12-31 }], ${smoke.slice(1)}]`,
      'quarantine[0].owner',
      'is missing',
    ],
    [
      'a quarantine without an end',
      `suites: [{ quarantine: [{ tests: [a], owner: me, until: soon }], ${smoke.slice(1)}]`,
      'quarantine[0].until',
      'YYYY-MM-DD',
    ],
  ])('refuses %s, and says where', (_what, lines, place, fix) => {
    expect(faultsOf(lines)).toContainEqual(
      expect.stringMatching(new RegExp(`${literally(place)}.*${literally(fix)}`)),
    );
  });
});

function literally(text: string): string {
  return text.replace(/[[\].?]/g, '\\$&');
}
