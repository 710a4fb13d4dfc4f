import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { ConfigSchema } from '../../shared/contracts/config.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const told =
  'has no meaning where health.grpc is set — remove it, or set health.grpc only at the services that speak gRPC';

describe('health.grpc', () => {
  it.each([
    ['{}', ''],
    ['{ service: shop.v1.Carts }', 'shop.v1.Carts'],
  ])('names a service, or none: %s', (grpc, service) => {
    const { config } = parseConfig(
      configText(`health: { grpc: ${grpc}, expect: { latency: 1s } }`),
      'f.yaml',
    );
    expect(config.services[0]?.health.grpc).toEqual({ service });
    expect(ConfigSchema.parse(config)).toEqual(config);
  });

  it('stands beside none of its own keys that are about a GET', () => {
    const text = configText(
      'health:',
      '  grpc: {}',
      '  path: /health',
      '  expect: { status: 204, json: {}, headers: {} }',
      '  revision: { json: $.revision }',
    );
    expect(faultLines(text)).toEqual([
      `f.yaml:8:7 services[0].health.path: ${told}`,
      `f.yaml:9:17 services[0].health.expect.status: ${told}`,
      `f.yaml:9:30 services[0].health.expect.json: ${told}`,
      `f.yaml:9:40 services[0].health.expect.headers: ${told}`,
      `f.yaml:10:19 services[0].health.revision.json: ${told}`,
    ]);
  });

  it('may stand where the defaults are for services of HTTP, which they were meant for', () => {
    const text = `version: 1
defaults: { project: acme-staging, region: us-central1, health: { path: /health, expect: { json: { ok: true } } } }
services: [{ name: a }, { name: b, health: { grpc: {} } }]
`;
    expect(faultLines(text)).toEqual([]);
  });

  it('of a service merges with that of the defaults', () => {
    const text = `version: 1
defaults: { project: acme-staging, region: us-central1, health: { grpc: { service: all } } }
services: [{ name: a }, { name: b, health: { grpc: {} } }, { name: c, health: { grpc: { service: c } } }]
`;
    const { services } = parseConfig(text, 'f.yaml').config;
    expect(services.map(({ health }) => health.grpc?.service)).toEqual(['all', 'all', 'c']);
  });

  it('of all services leaves no room for a path', () => {
    const text = `version: 1
defaults: { project: acme-staging, region: us-central1, health: { grpc: {}, path: /health } }
services: [{ name: a }, { name: b, health: { path: /up } }]
`;
    expect(faultLines(text)).toEqual([
      `f.yaml:2:77 defaults.health.path: ${told}`,
      `f.yaml:3:46 services[1].health.path: ${told}`,
    ]);
  });

  it.each([
    ['', 'services[0].health.grpc: is empty — write a map, such as { service: … }, or remove the key'],
    [
      '{ service: "a b" }',
      'services[0].health.grpc.service: "a b" is not accepted — write a-b (the name that',
    ],
    [`{ service: ${'x'.repeat(101)} }`, 'is too large — use at most 100 characters'],
    ['{ servise: a }', 'services[0].health.grpc.servise: unknown key — did you mean service?'],
  ])('is refused as %s', (grpc, line) => {
    expect(faultLines(configText('health:', `  grpc: ${grpc}`))).toEqual([expect.stringContaining(line)]);
  });
});
