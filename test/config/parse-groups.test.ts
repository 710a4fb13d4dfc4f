import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { configs } from '../../shared/contracts/records.ts';
import { faultLines } from './config-faults.ts';

/** Three services, and the lines of groups. */
function grouped(...lines: readonly string[]): string {
  return [
    'version: 1',
    'defaults: { project: acme-staging, region: us-central1 }',
    'services: [{ name: web }, { name: backend }, { name: worker }]',
    'groups:',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

describe('groups', () => {
  it('name services that belong together, by commit unless a label tells the version', () => {
    const text = grouped(
      '- { name: shop, services: [web, backend] }',
      '- { name: jobs, services: [worker, web2], sameVersion: label:app.version }',
    ).replace('{ name: worker }', '{ name: worker }, { name: web2 }');
    const { config } = parseConfig(text, 'f.yaml');
    expect(config.groups).toEqual([
      { name: 'shop', services: ['web', 'backend'], sameVersion: 'commit' },
      { name: 'jobs', services: ['worker', 'web2'], sameVersion: 'label:app.version' },
    ]);
    expect(configs.schema.parse({ config, appliedAt: new Date(0) }).config).toEqual(config);
  });

  it('are not in the config of those who have none: its digest stays', () => {
    const { config } = parseConfig(grouped().replace('groups:\n', ''), 'f.yaml');
    expect(config).not.toHaveProperty('groups');
  });

  it.each([
    [
      'an unknown service',
      ['- { name: shop, services: [web, bakend] }'],
      'f.yaml:5:35 groups[0].services[1]: no service is named bakend — did you mean backend?',
    ],
    [
      'a service that nothing is like',
      ['- { name: shop, services: [web, catalogue] }'],
      'no service is named catalogue — name services of this file: web, backend, worker',
    ],
    [
      'a service in two groups',
      ['- { name: shop, services: [web, backend] }', '- { name: jobs, services: [worker, web] }'],
      'f.yaml:6:38 groups[1].services[1]: web is already in groups[0] — name each service in one group, once',
    ],
    [
      'a service twice',
      ['- { name: shop, services: [web, web] }'],
      'groups[0].services[1]: web is already in groups[0] — name each service in one group, once',
    ],
    [
      'two groups of one name',
      ['- { name: shop, services: [web, backend] }', '- { name: shop, services: [worker, web2] }'],
      'f.yaml:6:7 groups[1].name: shop is already in groups[0] — give each group a unique name',
    ],
    [
      'something else that tells the version',
      ['- { name: shop, services: [web, backend], sameVersion: tag }'],
      'f.yaml:5:45 groups[0].sameVersion: "tag" is not accepted — write commit, or label:NAME',
    ],
  ])('refuse %s', (_what, lines, told) => {
    expect(faultLines(grouped(...lines)).join('\n')).toContain(told);
  });

  it('are checked beside the faults of services', () => {
    const text = grouped('- { name: shop, services: [web, x] }').replace(
      '{ name: backend }',
      '{ name: backend, mode: gates }',
    );
    expect(faultLines(text)).toEqual([
      expect.stringContaining('services[1].mode'),
      expect.stringContaining('groups[0].services[1]: no service is named x'),
    ]);
  });
});
