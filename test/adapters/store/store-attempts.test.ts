import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store.ts';
import { TransientError, WriteConflictError } from '../../../shared/domain/errors.ts';
import { createOnce } from '../../../shared/ports/create-once.ts';
import { retryOnConflict } from '../../../shared/ports/retry-on-conflict.ts';
import { update } from '../../../shared/ports/store.ts';
import { tryCommit } from '../../../shared/ports/try-commit.ts';
import { aroundStore } from '../../world/around-store.ts';
import { note, read, stored } from './store-notes.ts';

describe('what a conflict means', () => {
  let store: MemoryStore;
  beforeEach(() => {
    store = new MemoryStore({ now: () => new Date() });
  });

  it('createOnce leaves a document as it is that was there before', async () => {
    expect(await createOnce(store, note('a'), { title: 'first' })).toBe(true);
    expect(await createOnce(store, note('a'), { title: 'second' })).toBe(false);
    expect((await read(store, note('a'))).data).toEqual({ title: 'first' });
  });

  it('tryCommit tells a conflict from an outage', async () => {
    const old = await stored(store, 'a', { title: 'first' });
    expect(await tryCommit(store, [update(note('a'), old, { title: 'second' })])).toBe(true);
    expect(await tryCommit(store, [update(note('a'), old, { title: 'third' })])).toBe(false);
    const away = aroundStore(store, { commit: () => Promise.reject(new TransientError('away')) });
    await expect(tryCommit(away, [])).rejects.toThrow(TransientError);
  });

  it.each([
    ['is tried until it meets none', 3, 2, 3],
    ['is given up after as many attempts as it may have', 3, 9, 3],
  ])('retryOnConflict: what meets conflicts %s', async (_, maxTries, conflicts, attempts) => {
    let made = 0;
    const attempt = async () => {
      if (++made <= conflicts) throw new WriteConflictError('somebody was faster');
      return 'written';
    };
    const tried = retryOnConflict(maxTries, attempt);
    if (conflicts < maxTries) await expect(tried).resolves.toBe('written');
    else await expect(tried).rejects.toThrow(WriteConflictError);
    expect(made).toBe(attempts);
  });

  it('retryOnConflict leaves any other error to its caller', async () => {
    let made = 0;
    const attempt = async () => {
      made++;
      throw new TransientError('away');
    };
    await expect(retryOnConflict(3, attempt)).rejects.toThrow(TransientError);
    expect(made).toBe(1);
  });
});
