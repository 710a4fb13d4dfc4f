import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProcess } from './run-process.ts';

describe('without credentials', () => {
  let cwd = '';
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'deploy-loop-credentials-'));
    const service = { name: 'web', project: 'acme-staging', region: 'us-central1' };
    await writeFile(join(cwd, 'deploy-loop.yaml'), JSON.stringify({ version: 1, services: [service] }));
  });
  afterAll(() => rm(cwd, { recursive: true }));

  const database = ['--firestore', 'acme-staging'];
  it.each([
    [['guard', '--project', 'acme-staging', '--region', 'us-central1', '--service', 'web']],
    [['guard', '--config', 'deploy-loop.yaml', '--service', 'web', ...database]],
    [['apply', 'deploy-loop.yaml', '--records', 'records.json']],
    [['runs', ...database]],
    [['rollback', 'web', '--why', 'test', '--as', 'ann', ...database]],
    [['freeze', '--all', '--why', 'test', '--as', 'ann', ...database]],
  ])('%j is refused in one line', async (args) => {
    const env = { GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/key.json', HOME: cwd };
    expect(await runProcess(args, { cwd, env })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'deploy-loop: GOOGLE_APPLICATION_CREDENTIALS is /nowhere/key.json, which is not a file\n',
    });
  });
});
