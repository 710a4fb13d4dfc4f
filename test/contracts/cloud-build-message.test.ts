import { describe, expect, it } from '@jest/globals';
import { readBuildHint, readCloudBuildMessage } from '../../shared/contracts/cloud-build-message.ts';
import { MessageError, readDelivery } from '../../shared/contracts/pubsub-message.ts';

const id = '11111111-2222-4333-8444-555555555555';
const name = `projects/123456/locations/us-central1/builds/${id}`;
const build = {
  id,
  name,
  projectId: 'acme-staging',
  status: 'SUCCESS',
  steps: [{ name: 'gcr.io/cloud-builders/docker' }],
};

const read = (body: unknown) => readCloudBuildMessage(readDelivery(body));

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

function message(data: unknown, attributes: Record<string, string> = { buildId: id, status: 'SUCCESS' }) {
  return { attributes, data: encode(data), messageId: '1', publishTime: '2026-03-02T09:00:00Z' };
}

describe('a Cloud Build message', () => {
  it.each([
    ['pushed', { message: message(build), subscription: 'projects/p/subscriptions/s', deliveryAttempt: 1 }],
    ['pulled by gcloud as a list', [{ ackId: 'x', message: message(build) }]],
    ['pulled by gcloud, one item', { ackId: 'x', message: message(build) }],
    ['bare', message(build)],
  ])('reads a message as %s', (_form, body) => {
    expect(read(body)).toEqual({ name, status: 'SUCCESS' });
  });

  it('names a build without a regional name in the global location', () => {
    expect(read(message({ ...build, name: undefined })).name).toBe(
      `projects/acme-staging/locations/global/builds/${id}`,
    );
  });

  it.each<[string, unknown]>([
    ['nothing', null],
    ['text', 'hello'],
    ['an empty object', {}],
    ['two messages', [{ message: message(build) }, { message: message(build) }]],
    ['no data', { message: { attributes: { buildId: id } } }],
    ['data that is not base64', { ...message(build), data: '%%%' }],
    ['data cut short', { ...message(build), data: encode(build).slice(0, -3) }],
    ['data that is not JSON', { ...message(build), data: Buffer.from('{').toString('base64') }],
    [
      'data that is not UTF-8',
      { ...message(build), data: Buffer.from([0x22, 0xff, 0xfe, 0x22]).toString('base64') },
    ],
    ['data over the limit', { ...message(build), data: 'A'.repeat(2_000_000) }],
    [
      'JSON nested without end',
      { ...message(build), data: Buffer.from('['.repeat(100_000)).toString('base64') },
    ],
    ['a list', message([build])],
    ['no id', message({ ...build, id: undefined })],
    ['an id that walks', message({ ...build, id: '../../x' })],
    ['a numeric status', message({ ...build, status: 3 })],
    ['another build in the attributes', message(build, { buildId: '99999999-2222-4333-8444-555555555555' })],
  ])('refuses %s with one clear error', (_what, body) => {
    expect(() => read(body)).toThrow(MessageError);
  });

  it('takes no prototype from a message', () => {
    const text = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(build).slice(1)}`;
    read({ ...message(build), data: Buffer.from(text).toString('base64') });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

describe('what a person has of a build', () => {
  it.each([
    ['its message', message(build)],
    ['its message as gcloud pulls it', [{ ackId: 'x', message: message(build) }]],
    ['the build as gcloud describes it', build],
  ])('may be %s', (_what, body) => {
    expect(readBuildHint(body)).toEqual({ name, status: 'SUCCESS' });
  });

  it.each<[string, unknown]>([
    ['a service', { name: 'projects/p/locations/r/services/web', uid: '1' }],
    ['a build without its id', { ...build, id: undefined }],
    ['two builds', [build, build]],
    ['nothing', null],
  ])('may not be %s', (_what, body) => {
    expect(() => readBuildHint(body)).toThrow(MessageError);
  });

  it.each([
    [[], /^contains no message: a subscription gets the builds that end after it was made; /],
    [[{ message: message(build) }, { message: message(build) }], /^contains 2 messages: keep one$/],
  ])('is one thing, and not %#', (body, text) => {
    expect(() => readBuildHint(body)).toThrow(text);
  });

  it('is never taken for a message of a subscription', () => {
    expect(() => read(build)).toThrow(MessageError);
  });
});
