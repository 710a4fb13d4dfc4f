import { describe, expect, it, test } from '@jest/globals';
import { ConfigError } from '../../shared/config/config-error.ts';
import { parseConfig } from '../../shared/config/parse-config.ts';

/** @param defaults and @param own in YAML, of the audits of two services */
function auditsOf(defaults: string, own = '{}') {
  const text = `version: 1
defaults: { project: acme-staging, region: us-central1, audits: ${defaults} }
services: [{ name: web, audits: ${own} }, { name: api }]
`;
  return parseConfig(text, 'f.yaml').config.services[0]?.audits;
}

describe('audits in the config', () => {
  it('are those that it names, with every default', () => {
    expect(auditsOf('{ drift: {} }', '{ stability: {} }')).toEqual({
      drift: { gate: false, minimum: 1, shared: [] },
      stability: { gate: false, minimum: 0.9, measures: ['availability', 'p95', 'restarts', 'errors'] },
    });
    expect(auditsOf('{}')).toEqual({});
  });

  it('of a service change what they name of the defaults, and no more', () => {
    expect(
      auditsOf('{ compliance: { gate: true, minimum: 0.5 } }', '{ compliance: { minimum: 0.8 } }'),
    ).toEqual({
      compliance: { gate: true, minimum: 0.8 },
    });
  });

  test.each([
    ['{ stability: { minimum: 80 } }', 'audits.stability.minimum'],
    ['{ stability: { measures: [] } }', 'audits.stability.measures'],
    ['{ stability: { measures: [memory] } }', 'audits.stability.measures[0]'],
    ['{ drift: { shared: ["A B"] } }', 'audits.drift.shared[0]'],
    ['{ driff: {} }', 'audits.driff'],
  ])('are refused with the place of the fault: %s', (audits, place) => {
    expect(() => auditsOf(audits)).toThrow(ConfigError);
    expect(() => auditsOf(audits)).toThrow(place);
  });
});
