import { describe, expect, it } from '@jest/globals';
import { revisionNamedIn } from '../../shared/contracts/revision-source.ts';
import type { ProbeAnswer } from '../../shared/domain/health/probe-answer.ts';
import { respond } from '../world/fake-cloud.ts';

const header = (value: string): ProbeAnswer =>
  ({ ...respond(503, ''), headers: { 'x-revision': value } }) as ProbeAnswer;

describe('the revision that an answer names in a header', () => {
  it.each([
    ['its name', 'web-00002-abc', 'web-00002-abc'],
    ['its name, repeated by a proxy', 'web-2, web-2', 'web-2'],
    ['none, where two are named', 'web-1, web-2', undefined],
    ['none, where the header is empty', '', undefined],
    ['none, where it is a version', '1.2.3', undefined],
    ['none, where it is the revision of another service', 'backend-00001-abc', undefined],
  ])('is %s', (_what, value, expected) => {
    expect(revisionNamedIn(header(value), { header: 'X-Revision' }, 'web')).toBe(expected);
  });

  it('is none without the header, or without an answer', () => {
    expect(revisionNamedIn(respond(200, ''), { header: 'x-revision' }, 'web')).toBeUndefined();
    const silence: ProbeAnswer = { kind: 'no-answer', cause: 'refused', latencyMs: 1, detail: '' };
    expect(revisionNamedIn(silence, { header: 'x-revision' }, 'web')).toBeUndefined();
  });
});

describe('the revision that an answer names in its body', () => {
  it.each([
    ['its name', '{"revision":"web-2"}', 'web-2'],
    ['none in a text', 'web-2', undefined],
    ['none in an empty body', '', undefined],
    ['none in null', 'null', undefined],
    ['none in a list', '["web-2"]', undefined],
    ['none, where the value is no text', '{"revision":{"name":"web-2"}}', undefined],
    ['none in half a body', '{"revision":"web-2"', undefined],
    ['none in a body with the name of a prototype', '{"__proto__":{"revision":"web-2"}}', undefined],
  ])('is %s', (_what, body, expected) => {
    expect(revisionNamedIn(respond(200, body), { json: '$.revision' }, 'web')).toBe(expected);
  });

  it('is none where it is cut off', () => {
    const cut = { ...respond(200, '{"revision":"web-2"}'), truncated: true } as ProbeAnswer;
    expect(revisionNamedIn(cut, { json: '$.revision' }, 'web')).toBeUndefined();
  });

  it('is none in a body that is nested too deeply', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
    expect(revisionNamedIn(respond(200, deep), { json: '$..revision' }, 'web')).toBeUndefined();
  });
});
