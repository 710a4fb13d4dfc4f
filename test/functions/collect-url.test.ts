import { describe, expect, it } from '@jest/globals';
import { parseFunctionSettings } from '../../shared/runtime/settings.ts';

const collectUrlOf = (url: string | undefined) =>
  parseFunctionSettings({ DEPLOY_LOOP_PROJECT: 'acme-staging', DEPLOY_LOOP_COLLECT_URL: url }).collectUrl;

describe('DEPLOY_LOOP_COLLECT_URL', () => {
  it.each([
    ['https://collect-results-abc-uc.a.run.app', 'https://collect-results-abc-uc.a.run.app'],
    ['https://collect.example/', 'https://collect.example'],
    ['http://127.0.0.1:8123', 'http://127.0.0.1:8123'],
    ['http://collect-results.localhost:8123', 'http://collect-results.localhost:8123'],
  ])('takes %s', (url, taken) => {
    expect(collectUrlOf(url)).toBe(taken);
  });

  it('may be missing where no suite has a job', () => {
    expect(collectUrlOf(undefined)).toBeUndefined();
  });

  it.each([
    ['', 'must be the URL of collect-results'],
    ['collect.example', 'must be the URL of collect-results'],
    ['https://user@collect.example', 'must be the URL of collect-results'],
    ['https://collect.example/?a=b', 'must be the URL of collect-results'],
    ['http://collect.example', 'must be an https URL'],
    ['http://localhost.example', 'must be an https URL'],
    ['http://127.0.0.1.example', 'must be an https URL'],
  ])('is refused as %j', (url, why) => {
    expect(() => collectUrlOf(url)).toThrow(`DEPLOY_LOOP_COLLECT_URL: ${why}`);
  });
});
