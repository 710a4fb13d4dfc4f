import { describe, expect, it } from '@jest/globals';
import { configs, healthOf, services } from '../../shared/contracts/records.ts';
import type { RunId } from '../../shared/domain/ids.ts';
import { aRef, aServiceConfig, aSuite } from '../builders.ts';

const at = new Date('2026-01-01T00:00:00Z');
const runId = '0123456789abcdef0123' as RunId;

/** As version 0.1.0 has stored them. */
describe('records of the released version', () => {
  it('have a config with the key spread, which is propagation now', () => {
    const { propagation, ...rest } = aServiceConfig();
    const config = { version: 1, services: [{ ...rest, spread: '7s' }] };
    expect(configs.schema.parse({ config, appliedAt: at }).config.services).toEqual([
      { ...rest, propagation: '7s' },
    ]);
  });

  it('have a config without a grace for warm-ups and a share of bad looks', () => {
    const service = aServiceConfig();
    const { startupGrace: _grace, ...health } = service.health;
    const { badShare: _share, ...watch } = service.watch;
    const config = { version: 1, services: [{ ...service, health, watch }] };
    expect(configs.schema.parse({ config, appliedAt: at }).config.services).toEqual([service]);
  });

  it('have a config without freeze windows', () => {
    const { freeze: _freeze, ...service } = aServiceConfig();
    const config = { version: 1, services: [service] };
    expect(configs.schema.parse({ config, appliedAt: at }).config.services).toEqual([aServiceConfig()]);
  });

  it('have groups with the key serial, which has never said anything', () => {
    const group = { name: 'chain', tests: ['a', 'b'] };
    const suite = aSuite({ groups: [group] });
    const stored = { ...suite, groups: [{ ...group, serial: true }] };
    const config = { version: 1, services: [{ ...aServiceConfig(), suites: [stored] }] };
    expect(configs.schema.parse({ config, appliedAt: at }).config.services[0]?.suites).toEqual([suite]);
  });

  it('have good revisions that were left, which are moved away from now', () => {
    const good = { revision: 'web-1', createTime: at, runId, at, short: false };
    const stored = { ref: aRef, name: 'web', lastGood: [{ ...good, left: true }, good], rollbacks: [] };
    expect(services.schema.parse(stored).lastGood).toEqual([{ ...good, movedAway: true }, good]);
  });

  it('have looks at a revision that users had left, which are moved away now', () => {
    const fact = { stage: 'watch', n: 0, at, share: 0, counts: true };
    const parsed = healthOf(runId).schema.parse({ ...fact, readiness: 'left' });
    expect(parsed).toEqual({ ...fact, readiness: 'moved-away' });
  });
});
