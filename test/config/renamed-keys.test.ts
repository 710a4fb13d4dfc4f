import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const withDefaults = (defaults: string, ...lines: readonly string[]) =>
  configText(...lines).replace('services:', `defaults: { ${defaults} }\nservices:`);

function read(text: string) {
  const { config, warnings } = parseConfig(text, 'f.yaml');
  const told = warnings.map(({ line, path, message, fix }) => `${line} ${path}: ${message} — ${fix}`);
  return { propagation: config.services[0]?.propagation, told };
}

const rename = 'is now called propagation — rename the key to `propagation`';

describe('the key spread, which is propagation now,', () => {
  it('is read in a service, with a warning that names its line', () => {
    expect(read(configText('spread: 7s'))).toEqual({
      propagation: '7s',
      told: [`6 services[0].spread: ${rename}`],
    });
  });

  it('is read in the defaults, with a warning that names its line', () => {
    expect(read(withDefaults('spread: 7s'))).toEqual({
      propagation: '7s',
      told: [`2 defaults.spread: ${rename}`],
    });
  });

  it.each([
    ['a service', configText('spread: 7s', 'propagation: 9s'), '9s'],
    ['a service, the other way round', configText('propagation: 9s', 'spread: 7s'), '9s'],
    ['the defaults', withDefaults('spread: 7s, propagation: 9s'), '9s'],
    ['a service and the defaults: the nearest counts', withDefaults('propagation: 9s', 'spread: 7s'), '7s'],
  ])('gives way to today’s where both stand in %s', (_where, text, propagation) => {
    const { told, ...rest } = read(text);
    expect(rest).toEqual({ propagation });
    expect(told).toHaveLength(1);
  });

  it('is a duration, as it was', () => {
    expect(faultLines(configText('spread: soon')).join('\n')).toContain('spread');
    expect(faultLines(withDefaults('spread: 7'))).toHaveLength(1);
  });
});

describe('a deprecated key', () => {
  it('is not suggested for an unknown one', () => {
    const [line] = faultLines(configText('spred: 5s'));
    expect(line).toContain('services[0].spred: unknown key');
    expect(line).not.toContain('spread');
  });
});

describe('the key serial of a group', () => {
  it('is not read any more: every group keeps its order', () => {
    const suite =
      'suites: [{ name: a, kind: command, list: a, run: "b {results} {tests}", groups: [{ name: g, tests: [x], serial: true }] }]';
    const lines = faultLines(configText(suite));
    expect(lines.join('\n')).toMatch(
      /f\.yaml:6:\d+.*suites\[0\]\.groups\[0\]\.serial.*unknown key.*remove it; valid keys here: name, tests/s,
    );
  });
});
