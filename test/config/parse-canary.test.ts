import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const longName = 'a-service-with-a-very-long-name-for-its-tags';

describe('the steps of a canary', () => {
  it('have a default that goes up to all traffic', () => {
    const { config } = parseConfig(configText('mode: canary'), 'f.yaml');
    expect(config.services[0]?.steps.map((step) => step.percent)).toEqual([5, 50, 100]);
  });

  it.each([
    [
      'fall',
      ['steps: [{ percent: 50, hold: 5m }, { percent: 20, hold: 5m }, { percent: 100, hold: 5m }]'],
      'f.yaml:7:42 services[0].steps[1].percent: 20 % after 50 % is not an increase — use increasing percentages',
    ],
    [
      'stand still',
      ['steps: [{ percent: 50, hold: 5m }, { percent: 50, hold: 5m }, { percent: 100, hold: 5m }]'],
      '50 % after 50 % is not an increase',
    ],
    [
      'end too early',
      ['steps: [{ percent: 5, hold: 5m }, { percent: 50, hold: 5m }]'],
      'services[0].steps[1].percent: the last step has 50 % of the traffic — end the steps at 100',
    ],
    [
      'are too short',
      ['steps: [{ percent: 100, hold: 30s }]', 'requestLog: { window: 10s }'],
      'a step of 30s is shorter than watch.minimum, 60s — raise hold or lower watch.minimum',
    ],
    [
      'are shorter than a window of the request log',
      ['steps: [{ percent: 100, hold: 2m }]', 'requestLog: { window: 5m }'],
      'a step of 2m is shorter than one window of the request log, 5m',
    ],
    [
      'are too long for so many looks',
      ['steps: [{ percent: 100, hold: 24h }]'],
      'a probe every 10s for 24h is more than 450 probes',
    ],
    ['are none', ['steps: []'], 'services[0].steps'],
    ['are no percents', ['steps: [{ percent: 0, hold: 5m }]'], 'services[0].steps[0].percent'],
    ['have keys of their own', ['steps: [{ percent: 100, hold: 5m, until: 6m }]'], 'until'],
  ])('that %s are one fault with its place and mend', (_what, lines, fault) => {
    const faults = faultLines(configText('mode: canary', ...lines));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });
});

describe('a service whose name leaves no room for tags', () => {
  const named = (mode: string) => configText(`mode: ${mode}`, `service: ${longName}`);

  it.each(['gate', 'canary'])('is a fault in mode %s', (mode) => {
    expect(faultLines(named(mode))).toEqual([
      expect.stringMatching(
        /^f\.yaml:7:5 services\[0\]\.service: mode \w+ needs traffic tags, and Cloud Run refuses/,
      ),
    ]);
  });

  it('is a warning in mode guard', () => {
    expect(parseConfig(named('guard'), 'f.yaml').warnings).toEqual([
      expect.objectContaining({
        path: 'services[0].service',
        message: expect.stringMatching(/refuses traffic tags/),
      }),
    ]);
  });
});

describe('the watch', () => {
  it.each([
    [['watch: { for: 30s }'], 'the watch lasts 30s, less than its minimum of 60s'],
    [['watch: { for: 3h }'], 'a probe every 10s for 3h is more than 450 probes'],
    [['watch: { interval: 2m }'], 'a probe every 2m is too rare for request log windows of 60s'],
    [
      ['requestLog: { use: required, window: 2m }'],
      'the request log is required, but the watch may end after 60s, before one window of 2m',
    ],
    [['requestLog: { errors: 101 }'], 'services[0].requestLog.errors'],
    [['requestLog: { use: always }'], 'one of auto, required, off'],
  ])('with %j is one fault', (lines, fault) => {
    const faults = faultLines(configText(...lines));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });
});
