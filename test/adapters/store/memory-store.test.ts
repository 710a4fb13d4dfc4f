import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { MemoryStore } from '../../../shared/adapters/memory/memory-store.ts';
import { documentIn } from '../../../shared/contracts/document.ts';
import { PermanentError } from '../../../shared/domain/errors.ts';
import { create, update } from '../../../shared/ports/store.ts';
import { specifyStore } from './store-contract.ts';
import { note, read, stored } from './store-notes.ts';

const clock = { now: () => new Date() };

describe('MemoryStore', () => {
  specifyStore(async () => ({ store: new MemoryStore(clock), close: async () => {} }));

  it('takes the creation time from its clock', async () => {
    const store = new MemoryStore({ now: () => new Date(42) });
    expect((await stored(store, 'a', { title: 'x' })).createTime).toEqual(new Date(42));
  });

  it('checks the whole document after an update, with the rules between its fields', async () => {
    const store = new MemoryStore(clock);
    const schema = z.strictObject({ from: z.number(), to: z.number() }).refine(({ from, to }) => from <= to);
    const ref = documentIn({ path: 'ranges', schema }, 'a');
    await store.commit([create(ref, { from: 1, to: 2 })]);
    const refused = store.commit([update(ref, await read(store, ref), { from: 3 })]);
    await expect(refused).rejects.toThrow(PermanentError);
  });

  it('refuses an update that makes a document larger than 1 MiB', async () => {
    const store = new MemoryStore(clock);
    const first = await stored(store, 'a', { title: 'x'.repeat(600_000) });
    const refused = store.commit([update(note('a'), first, { extra: 'x'.repeat(600_000) })]);
    await expect(refused).rejects.toThrow(PermanentError);
  });
});

describe('a saved MemoryStore', () => {
  it('is the same store in another process', async () => {
    const store = new MemoryStore(clock);
    const data = {
      title: 'x',
      at: new Date(7),
      map: { $date: 1, constructor: 2 },
      nested: { at: new Date(8), list: [{ at: new Date(9) }] },
    };
    const before = await stored(store, 'a', data);
    await store.commit([update(note('a'), before, { count: 1 })]);
    const loaded = MemoryStore.fromJson(store.toJson(), clock);
    const saved = { ...(await read(store, note('a'))), readTime: expect.any(Date) };
    expect(await read(loaded, note('a'))).toEqual(saved);
    expect(loaded.toJson()).toBe(store.toJson());
  });

  it('goes on with versions that were never given before', async () => {
    const store = new MemoryStore(clock);
    const first = await stored(store, 'a', { title: 'x' });
    const loaded = MemoryStore.fromJson(store.toJson(), clock);
    await loaded.commit([update(note('a'), first, { title: 'y' })]);
    expect((await read(loaded, note('a'))).version).not.toBe(first.version);
  });

  it('is one text, in whatever order the documents came', async () => {
    const [one, other] = [
      new MemoryStore({ now: () => new Date(1) }),
      new MemoryStore({ now: () => new Date(1) }),
    ];
    await one.commit([create(note('a'), { title: 'a' }), create(note('b'), { title: 'b' })]);
    await other.commit([create(note('b'), { title: 'b' }), create(note('a'), { title: 'a' })]);
    expect(other.toJson()).toBe(one.toJson());
  });

  it.each([
    'no JSON',
    '{}',
    '{"format": "deploy-loop-records", "documents": [{"path": "notes/A"}]}',
    '{"format": "deploy-loop-records", "documents": [{"path": "notes/../a", "version": 1, "createTime": "2026-01-01T00:00:00.000Z", "fields": {}}]}',
    '{"format": "deploy-loop-records", "documents": [{"path": "a", "version": 1, "createTime": "2026-01-01T00:00:00.000Z", "fields": {}}]}',
    '{"format": "deploy-loop-records", "documents": [{"path": "notes/a", "version": 1, "createTime": "2026-01-01T00:00:00.000Z", "fields": {"at": {"$date": "soon"}}}]}',
  ])('is refused when it is no saved store: %s', (text) => {
    expect(() => MemoryStore.fromJson(text, clock)).toThrow(PermanentError);
  });
});
