import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { createContainer, createLocalBus, openFirestoreStore } from '../../shared/runtime/container.ts';
import { InProcess } from '../../shared/runtime/in-process.ts';
import { parseSettings } from '../../shared/runtime/settings.ts';
import { listRuns } from '../../shared/services/query-reports.ts';
import { describeWithFirestore } from '../emulators/needs.ts';
import { parseGuardResult } from './guard/guard-result.ts';
import { Stack } from './stack.ts';

const config = ['--config', 'deploy-loop.yaml'];

async function aStack() {
  const stack = await Stack.start({}, { FIRESTORE_EMULATOR_HOST: process.env.FIRESTORE_EMULATOR_HOST ?? '' });
  // A project of its own: the emulator keeps all documents of a project together.
  const project = `test-${randomBytes(6).toString('hex')}`;
  return { stack, project, database: ['--firestore', project] };
}

/** `apply` has verified a revision; then a build deployed one that answers 503. */
async function deployBroken(stack: Stack, database: readonly string[]) {
  const { revision: stable } = await stack.deploy(webContainer());
  expect(await stack.cli('apply', 'deploy-loop.yaml', ...database)).toMatchObject({ code: 0 });
  const { build, deployments } = await stack.build(webContainer({ HEALTH: '503' }));
  return { stable, build, candidate: deployments[0]?.revision ?? '' };
}

describeWithFirestore('the command line with its records in Firestore', () => {
  it('puts traffic back, and answers questions about it afterwards', async () => {
    const { stack, database } = await aStack();
    await using _ = stack;
    const { stable, candidate } = await deployBroken(stack, database);
    const before = await stack.writes();
    await stack.writeMessage();

    const guarded = await stack.cli('guard', '--message', 'message.json', ...config, ...database, '--json');

    const { code, run } = parseGuardResult(guarded);
    expect({ code, run }).toMatchObject({ code: 1, run: { verdict: 'fail', outcome: { code: 'restored' } } });
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    expect((await stack.writes()) - before).toBe(1n);
    const runs = await stack.cli('runs', '--service', 'web', '--verdict', 'fail', ...database);
    expect(runs).toMatchObject({ code: 0, stdout: expect.stringContaining(candidate) });
    const shown = await stack.cli('show', run?.id ?? '', ...database);
    expect(shown.stdout).toContain(`traffic is back on ${stable}`);
    const services = await stack.cli('services', ...database);
    expect(services.stdout).toMatch(new RegExp(`on ${stable} since .+ in place of ${candidate}`));
  });

  it('makes one run and one rollback of a message that is delivered 20 times at once', async () => {
    const { stack, project, database } = await aStack();
    await using _ = stack;
    const { stable, build } = await deployBroken(stack, database);
    const before = await stack.writes();
    const settings = parseSettings(stack.env);
    const container = createContainer(settings);
    const opened = openFirestoreStore(project, settings);
    const { clock, log } = container.ports;
    const loop = new InProcess({ ...container.ports, store: opened.store }, createLocalBus(clock, log));

    const deliveries = Array.from({ length: 20 }, () =>
      loop.ports.bus.publish('begin-validation', { kind: 'build', name: build.name }),
    );
    await Promise.all(deliveries);
    await loop.drain();

    const runs = await listRuns(opened.store, { limit: 100 });
    await Promise.all([opened.close(), container.close()]);
    expect(runs).toMatchObject([
      { verdict: 'fail', outcome: { code: 'restored' } },
      { verdict: 'pass', openedBy: 'apply' },
    ]);
    expect(await stack.serving()).toEqual({ [stable]: 100 });
    expect((await stack.writes()) - before).toBe(1n);
  });
});
