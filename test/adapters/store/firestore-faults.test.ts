import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FirestoreStore } from '../../../shared/adapters/firestore/firestore-store.ts';
import { WriteConflictError } from '../../../shared/domain/errors.ts';
import { create, update } from '../../../shared/ports/store.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { OutageReport } from './firestore-outage-report.ts';
import { type LossyFirestore, openLossyFirestore } from './lossy-firestore.ts';
import { note, read, stored } from './store-notes.ts';

const run = promisify(execFile);
const outageScript = join(import.meta.dirname, 'firestore-outage.ts');

// The client would go there instead of where each test sends it; jest gives this file an environment of its own.
const emulatorHost = process.env.FIRESTORE_EMULATOR_HOST ?? '';
beforeEach(() => {
  delete process.env.FIRESTORE_EMULATOR_HOST;
});

describeWithFirestore('FirestoreStore whose commit is applied and answered with an error', () => {
  const projectId = `test-${randomBytes(6).toString('hex')}`;
  const direct = new FirestoreStore({ projectId, emulatorHost });
  let lossy: LossyFirestore;
  let store: FirestoreStore;
  beforeEach(async () => {
    lossy = await openLossyFirestore(emulatorHost, 1);
    store = new FirestoreStore({ projectId, emulatorHost: lossy.host });
  });
  afterEach(async () => {
    await store.close();
    lossy.close();
  });
  afterAll(() => direct.close());

  it('finds its own create when the client repeats it: a conflict, and its own document is there', async () => {
    await expect(store.commit([create(note('a'), { title: 'mine' })])).rejects.toThrow(WriteConflictError);
    expect(lossy.commits()).toBe(2);
    expect((await read(direct, note('a'))).data.title).toBe('mine');
  });

  it('finds its own update when the client repeats it: a conflict, and its own change is there', async () => {
    const first = await stored(direct, 'b', { title: 'first' });
    await expect(store.commit([update(note('b'), first, { title: 'mine' })])).rejects.toThrow(
      WriteConflictError,
    );
    expect(lossy.commits()).toBe(2);
    expect((await read(direct, note('b'))).data.title).toBe('mine');
  });
});

describe('FirestoreStore without a database', () => {
  let silent: Server;
  beforeEach(async () => {
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterEach(() => {
    silent.close();
  });

  it.each([
    ['refuses connections', () => '127.0.0.1:1'],
    ['accepts connections and never answers', () => hostOf(silent)],
  ])('gives up in time when the other side %s', async (_, host) => {
    // In a process of its own, since the client goes on with its reads behind our back.
    const { stdout } = await run(process.execPath, [outageScript, host()], { env: process.env });
    const { errors, ms } = OutageReport.parse(JSON.parse(stdout));
    expect(errors).toEqual(['TransientError', 'TransientError', 'TransientError']);
    expect(ms).toBeLessThan(4_000);
  });
});

function hostOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return `${address.address}:${address.port}`;
}
