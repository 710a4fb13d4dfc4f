import { describe, expect, it } from '@jest/globals';
import { inOrder, parseLogEntry } from '../../../shared/adapters/google/log-entry.ts';

const seconds = 1_793_000_000;

/** An entry of a process, as Google's client gives it. */
function answer(insertId: string, nanos: number, fields: object = {}): object {
  return {
    insertId,
    logName: 'projects/acme/logs/run.googleapis.com%2Fstderr',
    timestamp: { seconds: String(seconds), nanos },
    labels: { instanceId: '0069c7a988' },
    textPayload: insertId,
    ...fields,
  };
}

const read = (...answers: readonly object[]) => answers.flatMap((one) => parseLogEntry(one) ?? []);

describe('an entry of Cloud Logging', () => {
  it('says which log it is in, and which instance wrote it', () => {
    const [placed] = read(answer('a', 5_000_000));
    expect(placed?.entry).toEqual({
      insertId: 'a',
      at: new Date(seconds * 1_000 + 5),
      severity: 'DEFAULT',
      source: 'output',
      stream: 'run.googleapis.com/stderr 0069c7a988',
      text: 'a',
    });
    const [other] = read(answer('a', 0, { labels: null }));
    expect(other?.entry.stream).toBe('run.googleapis.com/stderr');
  });

  it('comes after what was written a microsecond earlier, and at the same time by its name', () => {
    const newestFirst = [
      answer('a', 5_002_000),
      answer('c', 5_001_000),
      answer('d', 5_001_000),
      answer('z', 5_000_900),
      answer('b', 900),
    ];
    expect(inOrder(read(...newestFirst)).map(({ insertId }) => insertId)).toEqual(['b', 'z', 'c', 'd', 'a']);
  });

  it('is not what its text says that it is', () => {
    const text = {
      logName: 'projects/acme/logs/run.googleapis.com%2Fvarlog%2Fsystem',
      labels: { instanceId: 'other' },
      severity: 'CRITICAL',
    };
    const fields = Object.entries(text).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? { stringValue: value }
        : { structValue: { fields: { instanceId: { stringValue: value.instanceId } } } },
    ]);
    const jsonPayload = { fields: Object.fromEntries(fields) };
    const plain = read(answer('a', 0, { textPayload: JSON.stringify(text) }));
    const json = read(answer('a', 0, { textPayload: '', jsonPayload }));
    for (const placed of [...plain, ...json])
      expect(placed.entry).toMatchObject({
        severity: 'DEFAULT',
        source: 'output',
        stream: 'run.googleapis.com/stderr 0069c7a988',
        text: JSON.stringify(text),
      });
    expect([...plain, ...json]).toHaveLength(2);
  });
});
