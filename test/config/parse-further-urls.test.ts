import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../shared/config/parse-config.ts';
import { ConfigSchema } from '../../shared/contracts/config.ts';
import { furtherUrlsOf } from '../../shared/contracts/reach/further-urls.ts';
import { faultLines } from './config-faults.ts';
import { configText } from './config-text.ts';

const iapAudience = '1234-abc.apps.googleusercontent.com';
const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
const authority = fixture('ca.pem');

describe('further URLs in a config', () => {
  it('are texts, or maps with the audience of a proxy', () => {
    const urls = ['https://a.example.com/', { url: 'https://b.example.com/up', iapAudience }];
    const { config } = parseConfig(configText(`urls: ${JSON.stringify(urls)}`), 'f.yaml');
    expect(config.services[0]?.urls).toEqual(urls);
    expect(ConfigSchema.parse(config)).toEqual(config);
  });

  it.each([
    ['"no url"', '6:12 services[0].urls[0]: "no url" is not accepted — not a URL'],
    ['7', '6:12 services[0].urls[0]: 7 is not accepted — write a URL, or a map of url and iapAudience'],
    [
      '{ iapAudience: 1-a.apps.googleusercontent.com }',
      '6:12 services[0].urls[0].url: is missing — add `url:`',
    ],
    [
      '{ url: "http://web.localhost:1/", iapAudience: 1-a.apps.googleusercontent.com }',
      '6:14 services[0].urls[0].url: "http://web.localhost:1/" is not accepted — an ID token is sent by https only',
    ],
    [
      '{ url: "https://10.0.0.1/", iapAudience: 1-a.apps.googleusercontent.com }',
      '6:14 services[0].urls[0].url: "https://10.0.0.1/" is not accepted — 10.0.0.1 is not a public address (private)',
    ],
    [
      '{ url: "https://a.example.com/", iapAudience: "https://web-abc-uc.a.run.app" }',
      '6:45 services[0].urls[0].iapAudience: "https://web-abc-uc.a.run.app" is not accepted — write the OAuth client id of IAP, which ends in .apps.googleusercontent.com',
    ],
    [
      '{ url: "https://a.example.com/", iapAudiense: 1-a.apps.googleusercontent.com }',
      '6:12 services[0].urls[0].iapAudience: is missing — add `iapAudience:`',
    ],
  ])('that are wrong are told: %s', (url, line) => {
    expect(faultLines(configText(`urls: [${url}]`))[0]).toBe(`f.yaml:${line}`);
  });
});

describe('tls.caFile', () => {
  const parse = (text: string, file: string) =>
    parseConfig(text, 'f.yaml', (path) => {
      if (path === 'ca.pem') return file;
      throw new Error(`${path} does not exist`);
    });

  it('is stored as the certificates of the file, and nothing else of it', () => {
    const file = `kept for us\n${fixture('server-key.pem')}${authority}\n${fixture('server.pem')}`;
    const [service] = parse(configText('tls: { caFile: ca.pem }'), file).config.services;
    expect(service?.tls).toEqual({ ca: `${authority}${fixture('server.pem')}` });
  });

  it('counts by what is in the file, not by its name', () => {
    const digest = (text: string) => parse(configText('tls: { caFile: ca.pem }'), text).digest;
    expect(digest(`# ours\n${authority}`)).toBe(digest(authority));
    expect(digest(fixture('server.pem'))).not.toBe(digest(authority));
  });

  it('is a default like any other, and a fault in it is told once', () => {
    const text = (caFile: string) => `version: 1
defaults: { project: acme-staging, region: us-central1, tls: { caFile: ${caFile} } }
services: [{ name: a }, { name: b }]
`;
    const { config } = parse(text('ca.pem'), authority);
    expect(config.services.map(({ tls }) => tls)).toEqual([{ ca: authority }, { ca: authority }]);
    expect(() => parse(text('none.pem'), authority)).toThrow(
      /^f\.yaml:2:\d+ defaults\.tls\.caFile: none\.pem does not exist — name a PEM file [^\n]+$/,
    );
  });

  it.each([
    ['garbage', 'no certificate', 'ca.pem has no PEM certificate'],
    ['one that is cut off', authority.slice(0, -20), 'ca.pem has no PEM certificate, or one that is cut off'],
    ['a private key alone', fixture('server-key.pem'), 'ca.pem has no PEM certificate'],
    [
      'a block of something else',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'ca.pem, PEM block 1, is no X.509 certificate',
    ],
    ['too much', authority.repeat(40), 'more than 16384'],
  ])('is refused with %s', (_what, file, why) => {
    expect(() => parse(configText('tls: { caFile: ca.pem }'), file)).toThrow(why);
    expect(() => parse(configText('tls: { caFile: ca.pem }'), file)).toThrow(/^f\.yaml:6:12 /);
  });

  it('is for the further URLs, except those of Cloud Run itself', () => {
    const urls = ['https://a.example.com/', 'https://web-abc-uc.a.run.app/', 'https://run.app.example.com/'];
    expect(furtherUrlsOf({ urls, tls: { ca: 'PEM' } }).map(({ ca }) => ca)).toEqual([
      'PEM',
      undefined,
      'PEM',
    ]);
  });
});
