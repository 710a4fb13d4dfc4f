import { inspect } from 'node:util';
import { Timestamp } from '@google-cloud/firestore';
import { describe, expect, it } from '@jest/globals';
import { updateTimeOf, versionOf } from '../../../shared/adapters/firestore/document-version.ts';
import { fromFirestore } from '../../../shared/adapters/firestore/from-firestore.ts';
import { conflictsOf, toStoreError } from '../../../shared/adapters/firestore/to-store-error.ts';
import { CorruptRecordError, PermanentError } from '../../../shared/domain/errors.ts';

const creates = [{ kind: 'create' }] as const;
const updates = [{ kind: 'create' }, { kind: 'update' }] as const;
const fault = (code: number | string | undefined) => Object.assign(new Error('told so'), { code });

describe('toStoreError', () => {
  it.each([1, 2, 4, 8, 10, 13, 14, 16])('says of code %d that it may pass', (code) => {
    for (const conflicts of [[], conflictsOf(updates)]) {
      expect(toStoreError(fault(code), { what: 'x', conflicts }).name).toBe('TransientError');
    }
  });

  it.each([3, 7, 11, 12, 15])('says of code %d that it stays', (code) => {
    for (const conflicts of [[], conflictsOf(updates)]) {
      expect(toStoreError(fault(code), { what: 'x', conflicts }).name).toBe('PermanentError');
    }
  });

  it.each([
    [6, 'a commit that creates', conflictsOf(creates), 'WriteConflictError'],
    [6, 'a commit that updates', conflictsOf(updates), 'WriteConflictError'],
    [5, 'a commit that updates', conflictsOf(updates), 'WriteConflictError'],
    [9, 'a commit that updates', conflictsOf(updates), 'WriteConflictError'],
    // Nothing that a create expects can be absent but the database itself.
    [5, 'a commit that only creates', conflictsOf(creates), 'PermanentError'],
    [9, 'a commit that only creates', conflictsOf(creates), 'PermanentError'],
    [5, 'a read', [], 'PermanentError'],
    [9, 'a read', [], 'PermanentError'],
  ])('takes code %d of %s', (code, _, conflicts, name) => {
    expect(toStoreError(fault(code), { what: 'x', conflicts }).name).toBe(name);
  });

  it('names the index that a query lacks', () => {
    const error = toStoreError(fault(9), { what: 'find in runs', conflicts: [], hint: 'runs: state ==' });
    expect(error).toMatchObject({
      name: 'PermanentError',
      message: expect.stringContaining('runs: state =='),
    });
  });

  it.each([['ENOTFOUND'], [undefined]])(
    'says of a fault before the request (code %s) that it may pass',
    (code) => {
      expect(toStoreError(fault(code), { what: 'x', conflicts: [] }).name).toBe('TransientError');
    },
  );

  it('keeps nothing of the request, which holds the access token', () => {
    const error = Object.assign(fault(7), {
      metadata: { authorization: 'Bearer secret' },
      request: 'secret',
    });
    expect(inspect(toStoreError(error, { what: 'x', conflicts: [] }), { depth: null })).not.toContain(
      'secret',
    );
  });

  it('leaves our own errors as they are', () => {
    const error = new PermanentError('ours');
    expect(toStoreError(error, { what: 'x', conflicts: [] })).toBe(error);
  });
});

describe('a version', () => {
  it.each([
    [1_795_000_000, 123_456_000],
    [0, 1],
    [253_402_300_799, 999_999_999],
  ])('is the update time to the nanosecond (%d s, %d ns)', (seconds, nanos) => {
    const time = new Timestamp(seconds, nanos);
    expect(updateTimeOf(versionOf(time), Timestamp).isEqual(time)).toBe(true);
  });

  it.each(['', '1', '1.5', 'x.000000001', '1.0000000001'])('is refused when it is %j', (version) => {
    expect(() => updateTimeOf(version, Timestamp)).toThrow(PermanentError);
  });
});

describe('fromFirestore', () => {
  it('makes dates of timestamps in maps and lists', () => {
    const at = new Timestamp(1, 233_600_000);
    const date = new Date(1234);
    expect(fromFirestore({ at, map: { at }, list: [{ at }, at] }, 'a/b', Timestamp)).toEqual({
      at: date,
      map: { at: date },
      list: [{ at: date }, date],
    });
  });

  it.each([
    ['bytes', Buffer.from('x')],
    ['a class instance', new URL('http://a')],
  ])('refuses %s', (_, value) => {
    expect(() => fromFirestore({ list: [{ value }] }, 'a/b', Timestamp)).toThrow(CorruptRecordError);
  });
});
