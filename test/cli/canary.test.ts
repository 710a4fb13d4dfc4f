import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import { PinoLogger } from '../../shared/adapters/pino-logger.ts';
import { documentIn } from '../../shared/contracts/document.ts';
import { runs } from '../../shared/contracts/records.ts';
import { visible } from '../../shared/domain/render/visible.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import { update } from '../../shared/ports/store.ts';
import { recordRejection } from '../../shared/services/records/record-rejection.ts';
import { aConfig, aServiceConfig, aSuite } from '../builders.ts';
import { type Behaviour, respond } from '../world/fake-cloud.ts';
import { worldInMemory } from '../world/world-in-memory.ts';
import { captureCli } from './captured-io.ts';

/** In every secret below, and nowhere else. */
const canary = 'c4nary7Secret9Part';
const odd = '\u001b[31m\u009b0m\u202e\u2066';

const shapes = [
  `ghp_${canary}000000000000000000`,
  `github_pat_11AAAAAAA0_${canary}`,
  `AIzaSyA${canary}0123456`,
  `ya29.${canary}`,
  `eyJhbGciOiJSUzI1NiJ9.${canary}.c2ln`,
  `-----BEGIN PRIVATE KEY-----\nMIIE\n${canary}\n-----END PRIVATE KEY-----`,
  `{"password":"${canary}"}`,
  `Authorization: Basic ${canary}`,
  `set-cookie: sid=${canary}; Path=/`,
  `postgres://app:${canary}@db/app`,
];
/** As an application's page, log or message may hold them. */
const outside = [
  ...shapes,
  ...shapes.map((shape) => JSON.stringify({ shape: JSON.stringify({ shape }) })),
  ...shapes.map((shape) => encodeURIComponent(shape)),
  `${odd} all of it`,
];

/** What would tell the canary, in lower case. */
const tells = [0, 1, 2].map((offset) =>
  Buffer.from(`${'x'.repeat(offset)}${canary}`)
    .toString('base64')
    .slice(4, 16)
    .toLowerCase(),
);

function expectSilent(sink: string, text: string): void {
  const all = text.toLowerCase();
  const told = [canary.slice(0, 7).toLowerCase(), ...tells].filter((tell) => all.includes(tell));
  expect([sink, told]).toEqual([sink, []]);
}

/** Lets a deploy fail, with one text from outside everywhere that such a text can come from. */
async function failWith(text: string, how: 'health' | 'tests' | 'never-ready') {
  const lines: string[] = [];
  const log: Logger = PinoLogger.create('info', { write: (line) => void lines.push(line) });
  const suite = aSuite({ checks: ['cart', 'mail'] });
  const { tests } = aServiceConfig();
  const lenient = { ...tests, gates: { ...tests.gates, P1: 100 } };
  const { world, memory } = await worldInMemory(aConfig(aServiceConfig({ suites: [suite], tests: lenient })));
  world.intercept(() => ({ log }));
  world.cloud.logFaults.push(new Error(text));
  await world.deployGood('web-1');
  world.checks.collected = () => ({ checks: [{ id: 'cart' }, { id: 'mail' }], problems: [text] });
  world.checks.answer = ({ revision }) =>
    revision === 'web-2' ? { outcome: 'failed', detail: `Traceback:\n  ${text}` } : undefined;
  const failing: Behaviour = () => respond(503, `<html>${text}</html>`);
  const build = world.deployByBuild('web-2', {
    ...(how === 'health' && { behaviour: failing }),
    ...(how === 'never-ready' && {
      readiness: { kind: 'failed', reason: 'HealthCheckContainerFailed', message: text },
    }),
  });
  await world.finishBuild(build);
  await recordRejection('begin-validation', 'a', { code: 'malformed', text }, { ...world.ports, log });
  log.error({ error: new Error(text), headers: { cookie: text }, body: text }, text);
  return { world, lines, records: memory.toJson(), runId: world.runIdOf('web-2') };
}

describe('a secret in a document', () => {
  it('is stored by no update', async () => {
    const { world, records } = await failWith('nothing', 'health');
    expectSilent('records', records);
    const ref = documentIn(runs, world.runIdOf('web-2'));
    const stored = await world.store.get(ref);
    if (!stored) throw new TypeError('no run');
    const outcome = { code: 'other' as const, text: `one\n✓ two: token=${canary}` };
    await world.store.commit([update(ref, stored, { outcome })]);
    expect((world.store as MemoryStore).toJson()).toMatch(/"text": ?"one ✓ two: token=\[SECRET\]"/);
  });
});

describe.each(['health', 'tests', 'never-ready'] as const)('a secret in what fails a deploy (%s)', (how) => {
  let cwd = '';
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-canary-'));
  });
  afterAll(() => rm(cwd, { recursive: true }));

  it.each(outside)('is in no document, no log line and no output: %j', async (text) => {
    const { lines, records, runId, world } = await failWith(text, how);
    expect((await world.run('web-2'))?.state).toBe('closed');
    // It was there.
    expect(records).toMatch(/\[(TOKEN|SECRET|PRIVATE KEY)\]|all of it/);
    expectSilent('records', records);
    expect((await world.run('web-2'))?.reasons.map((reason) => reason.text).join()).not.toContain('\n');
    expectSilent('logs', lines.join(''));
    expect(lines.join('')).toMatch(/^[\n\x20-\x7e…]+$/);
    await writeFile(join(cwd, 'r.json'), records);
    for (const command of [['show', runId], ['runs'], ['services'], ['changes'], ['tests']])
      for (const json of [[], ['--json']]) {
        const { stdout, stderr } = await captureCli([...command, '--records', 'r.json', ...json], { cwd });
        expectSilent(command.join(' '), stdout + stderr);
        expect(stdout + stderr).toBe(visible(stdout + stderr));
      }
  });
});
