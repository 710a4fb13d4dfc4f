import { expect, test } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { ValidatedDocument } from '../../../shared/contracts/output/run-output.ts';
import { configText } from '../config-text.ts';
import { recordsFile, Stack } from '../stack.ts';

const groups = 'groups: [{ name: shop, services: [web, backend], sameVersion: label:version }]\n';

/** Two services that serve version 1, verified. */
async function shop(): Promise<{ stack: Stack; web: string; backend: string }> {
  const stack = await Stack.start();
  await stack.write('deploy-loop.yaml', `${configText({ services: ['web', 'backend'] })}${groups}`);
  const labels = { version: '1' };
  const [web, backend] = [
    await stack.deploy(webContainer(), { labels }),
    await stack.deploy(webContainer(), { service: 'backend', labels }),
  ];
  await stack.apply();
  return { stack, web: web.revision, backend: backend.revision };
}

/** Guards a deploy of version 2 of the service web. */
async function guardVersionTwo(stack: Stack, health: 'ok' | '503', ...options: readonly string[]) {
  const { revision } = await stack.deploy(webContainer({ HEALTH: health }), { labels: { version: '2' } });
  const files = ['--config', 'deploy-loop.yaml', '--records', recordsFile];
  return { revision, ...(await stack.cli('guard', '--service', 'web', ...files, ...options)) };
}

test('a guard tells the versions of a group, and so do the runs of the other service', async () => {
  const { stack, backend } = await shop();
  await using _ = stack;
  const { code, stdout, revision } = await guardVersionTwo(stack, 'ok', '--json');
  const [run] = ValidatedDocument.parse(JSON.parse(stdout)).runs;
  expect(code).toBe(0);
  expect(run?.group).toMatchObject({
    name: 'shop',
    versions: 'different',
    members: [
      { service: 'web', revision, version: '2', run: run?.id, unread: null },
      { service: 'backend', revision: backend, version: '1', open: false },
    ],
    foundBy: run?.id,
  });
  const other = run?.group?.members[1]?.run ?? '';
  const shown = await stack.cli('show', other, '--records', recordsFile);
  expect(shown.stdout).toContain(
    `group   shop: not the same version: web ${revision} is 2, backend ${backend} is 1\n`,
  );
});

test('after a rollback it tells what serves then', async () => {
  const { stack, web, backend } = await shop();
  await using _ = stack;
  const { code, stdout } = await guardVersionTwo(stack, '503');
  expect(code).toBe(1);
  expect(stdout).toContain(`traffic is back on ${web}`);
  expect(stdout).toContain('group   shop: all are version 1\n');
  expect(await stack.serving({ ...stack.ref, service: 'backend' })).toEqual({ [backend]: 100 });
});

test('without records of the other service a guard reads what serves', async () => {
  const { stack, backend } = await shop();
  await using _ = stack;
  const { revision } = await stack.deploy(webContainer(), { labels: { version: '2' } });
  const { code, stdout } = await stack.cli('guard', '--service', 'web', '--config', 'deploy-loop.yaml');
  expect(code).toBe(0);
  expect(stdout).toContain(
    `group   shop: not the same version: web ${revision} is 2, backend ${backend} is 1\n`,
  );
});
