import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { SystemClock } from '../../../shared/adapters/system-clock.ts';
import { openFileStore } from '../../../shared/runtime/container.ts';
import { specifyStore } from './store-contract.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-loop-sqlite-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a store in a file', () => {
  specifyStore(() => {
    const path = join(folder, `${++files}.db`);
    return openFileStore({ file: path, path }, { mustExist: false, readOnly: false }, new SystemClock());
  });
});
