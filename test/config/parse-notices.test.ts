import { describe, expect, it, test } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { ConfigSchema } from '../../shared/contracts/config.ts';
import { noticeEventKinds } from '../../shared/domain/notices/notice-event.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const token = 'auth: { token: { env: GITHUB_TOKEN } }';

describe('github', () => {
  it('has defaults, and only where it is named', () => {
    const { config } = parseConfig(configText(`github: { repo: acme/shop, ${token} }`), 'f.yaml');
    expect(config.services[0]?.github).toEqual({
      repo: 'acme/shop',
      auth: { token: { env: 'GITHUB_TOKEN' } },
      apiUrl: 'https://api.github.com',
      issues: true,
      labels: ['deploy-loop'],
      status: true,
      comment: false,
      prevention: false,
    });
    expect(ConfigSchema.parse(config)).toEqual(config);
    expect(parseConfig(configText(), 'f.yaml').config.services[0]?.github).toBeUndefined();
  });

  it('is put together of the defaults and the service', () => {
    const text = `version: 1
defaults:
  project: acme-staging
  region: us-central1
  github: { repo: acme/shop, ${token}, issues: false }
services:
  - name: web
    github: { comment: true }
`;
    expect(parseConfig(text, 'f.yaml').config.services[0]?.github).toMatchObject({
      repo: 'acme/shop',
      issues: false,
      comment: true,
      status: true,
    });
  });

  test.each([
    [`{ ${token} }`, 'github.repo'],
    ['{ repo: acme/shop }', 'github.auth'],
    [`{ repo: shop, ${token} }`, 'github.repo: "shop" is not accepted — write the repository as OWNER/NAME'],
    [`{ repo: acme/../x, ${token} }`, 'write the repository as OWNER/NAME'],
    ['{ repo: acme/shop, auth: { token: ghp_123 } }', 'github.auth'],
    ['{ repo: acme/shop, auth: { appId: 1 } }', 'github.auth'],
    [`{ repo: acme/shop, ${token}, apiUrl: "http://ghe.example.com/api/v3" }`, 'by https only'],
    [`{ repo: acme/shop, ${token}, labels: ["a,b"] }`, 'a label has no comma'],
    [`{ repo: acme/shop, ${token}, labels: [a, b, c] }`, 'github.labels'],
    [`{ repo: acme/shop, ${token}, isues: true }`, 'isues'],
  ])('%s is a fault that names its place', (github, fault) => {
    const lines = faultLines(configText(`github: ${github}`));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(fault);
  });
});

describe('notifications', () => {
  const url = 'url: { env: HOOK }';
  const secret = 'secret: { env: KEY }';

  it('tell of all events unless some are named', () => {
    const { config } = parseConfig(
      configText(
        'notifications:',
        `  - { name: a, kind: slack, ${url} }`,
        `  - { name: b, kind: webhook, ${url}, ${secret}, events: [promoted] }`,
      ),
      'f.yaml',
    );
    expect(config.services[0]?.notifications.map(({ events }) => events)).toEqual([
      [...noticeEventKinds],
      ['promoted'],
    ]);
    expect(ConfigSchema.parse(config)).toEqual(config);
  });

  test.each([
    [`{ name: a, kind: webhook, ${url} }`, 'a webhook is signed'],
    [`{ name: a, kind: slack, ${url}, ${secret} }`, 'slack takes no signature'],
    ['{ name: a, kind: slack, url: "https://hooks.slack.com/services/T/B/x" }', 'notifications[0].url'],
    [`{ name: A, kind: slack, ${url} }`, 'notifications[0].name'],
    [`{ name: a, kind: slack, ${url}, events: [] }`, 'notifications[0].events'],
    [`{ name: a, kind: slack, ${url}, events: [rolled_back] }`, 'notifications[0].events'],
    [`{ name: a, kind: mail, ${url} }`, 'notifications[0].kind'],
  ])('%s is a fault that names its place', (notification, fault) => {
    const lines = faultLines(configText(`notifications: [${notification}]`));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(fault);
  });

  it('have names of their own', () => {
    const one = `{ name: a, kind: slack, ${url} }`;
    expect(faultLines(configText(`notifications: [${one}, ${one}]`))[0]).toContain('a name of its own');
  });
});
