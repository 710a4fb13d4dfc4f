import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseFilter } from '../../../infra/local/logging/filter/parse-filter.ts';
import { LocalLogging, type LoggingOptions } from '../../../infra/local/logging/local-logging.ts';
import { logNameOf } from '../../../infra/local/logging/log-record.ts';
import { ReadQuota } from '../../../infra/local/logging/read-quota.ts';
import { profiles } from '../../../infra/local/profile.ts';
import { SeededRandom } from '../../../infra/local/seeded-random.ts';
import { Timers } from '../../../infra/local/timers.ts';

describe('the local Cloud Logging', () => {
  let timers: Timers;
  beforeEach(() => {
    timers = new Timers();
  });
  afterEach(() => timers.stop());

  const open = (options: Partial<LoggingOptions> = {}) =>
    new LocalLogging({ lagMs: [0, 0], timers, random: new SeededRandom(1), ...options });
  const write = (logging: LocalLogging, service: string, ...texts: readonly string[]) => {
    for (const textPayload of texts)
      logging.write({
        logName: logNameOf('acme', 'run.googleapis.com/stdout'),
        resource: { type: 'cloud_run_revision', labels: { project_id: 'acme', service_name: service } },
        timestamp: new Date(),
        severity: 'DEFAULT',
        textPayload,
      });
  };
  const texts = (logging: LocalLogging, filter = '') =>
    logging.list(['acme'], parseFilter(filter)).map(({ textPayload }) => textPayload);

  it('shows an entry only after its lag', async () => {
    const logging = open({ lagMs: [20, 30] });
    write(logging, 'shop', 'late');
    expect(texts(logging)).toEqual([]);
    await logging.readable('textPayload=late');
    expect(texts(logging)).toEqual(['late']);
    const [record] = logging.list(['acme'], () => true);
    // A timer may fire a millisecond early.
    expect(Number(record?.receiveTimestamp) - Number(record?.timestamp)).toBeGreaterThanOrEqual(19);
  });

  it('forgets the oldest entries of a service, and none of another', () => {
    const logging = open({ capacity: 3 });
    write(logging, 'quiet', 'kept');
    write(logging, 'busy', '1', '2', '3', '4', '5');
    expect(texts(logging, 'resource.labels.service_name=busy')).toEqual(['3', '4', '5']);
    expect(texts(logging, 'resource.labels.service_name=quiet')).toEqual(['kept']);
  });

  it('drops what is excluded, until the exclusion is lifted', () => {
    const logging = open();
    const lift = logging.exclude('textPayload:secret');
    write(logging, 'shop', 'a secret', 'public');
    lift();
    write(logging, 'shop', 'no more secrets');
    expect(texts(logging)).toEqual(['public', 'no more secrets']);
  });

  it('can drop a share of the entries', () => {
    const logging = open();
    logging.exclude('', 0.5);
    write(logging, 'shop', ...Array.from({ length: 200 }, String));
    expect(texts(logging).length).toBeGreaterThan(60);
    expect(texts(logging).length).toBeLessThan(140);
  });

  it('shows what was held back when it is released', async () => {
    const logging = open();
    const release = logging.hold();
    write(logging, 'shop', 'held');
    expect(texts(logging)).toEqual([]);
    const readable = logging.readable('textPayload=held');
    release();
    await readable;
    expect(texts(logging)).toEqual(['held']);
  });

  it('lags by seconds in the realistic profile, by half a second in the demo, and not at all in the fast one', () => {
    expect(profiles.realistic.logLagMs).toEqual([1_000, 5_000]);
    expect(profiles.demo.logLagMs[1]).toBeLessThanOrEqual(500);
    expect(profiles.fast.logLagMs).toEqual([0, 0]);
    expect(profiles.realistic.logReadsPerMinute).toBe(60);
  });
});

describe('the read quota', () => {
  it('lets each project read so often in a minute, and again when the minute is over', () => {
    let nowMs = 0;
    const quota = new ReadQuota(2, () => nowMs);
    const used = expect.objectContaining({ code: 8, message: expect.stringMatching(/^Quota exceeded for/) });
    quota.take('acme');
    nowMs = 30_000;
    quota.take('acme');
    quota.take('another');
    expect(() => quota.take('acme')).toThrow(used);
    nowMs = 60_000;
    quota.take('acme');
    expect(() => quota.take('acme')).toThrow(used);
  });
});
