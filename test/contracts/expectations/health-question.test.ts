import { describe, expect, it, test } from '@jest/globals';
import { buildValuesOf } from '../../../shared/contracts/expectations/build-variables.ts';
import {
  type BuildConditions,
  healthQuestion,
} from '../../../shared/contracts/expectations/health-question.ts';
import type { ProbeAnswer } from '../../../shared/domain/health/probe-answer.ts';
import type { BuildId, RevisionName } from '../../../shared/domain/ids.ts';
import { aServiceConfig } from '../../builders.ts';
import { respond } from '../../world/fake-cloud.ts';

const web2 = 'web-2' as RevisionName;
const id = 'b-1' as BuildId;
const commit = 'abc1234def';
const known = buildValuesOf(web2, { id, commit });
const unknown = buildValuesOf(web2, undefined);

const { health: usual } = aServiceConfig();

/** Parsed as a config is: what it does not give has its default. */
function question(
  changes: { expect?: object; warn?: object; headers?: Record<string, string>; method?: 'GET' | 'HEAD' },
  values = known,
  conditions: BuildConditions = 'judged',
) {
  const { expect: expected = { json: { status: 'healthy' } }, ...rest } = changes;
  const { status, headers, latency } = usual.expect;
  const health = { ...usual, ...rest, expect: { status, headers, latency, ...expected } };
  return healthQuestion(aServiceConfig({ health } as object).health, values, conditions);
}

function judge(answer: ProbeAnswer, ...given: Parameters<typeof question>) {
  const asked = question(...given);
  if ('kind' in asked) throw new Error(asked.detail);
  return asked.judge(answer);
}

const body = (value: unknown) => respond(200, JSON.stringify(value));
const right = body({ status: 'healthy', version: commit });
const stale = body({ status: 'healthy', version: 'fedcba9' });
const ofCommit = { json: { status: 'healthy', version: `\${COMMIT_SHA}` } };
const listed = { json: [{ path: '$.version', equals: `\${COMMIT_SHA}` }] };

describe('what a response is expected to be', () => {
  it.each<[string, ProbeAnswer, object]>([
    ['a class of statuses', respond(204, ''), { status: '2xx' }],
    ['one of statuses and classes', respond(302, ''), { status: [200, '3xx'] }],
    ['a map that the body contains', body({ status: 'ok', more: 1 }), { json: { status: 'ok' } }],
    ['one of some values', body({ status: 'ok' }), { json: [{ path: '$.status', oneOf: ['up', 'ok'] }] }],
    ['a text that matches', body({ v: 'v1.2' }), { json: [{ path: '$.v', matches: '^v1\\.' }] }],
    ['a text in the body', respond(200, 'all fine'), { body: { contains: 'fine', matches: '^all' } }],
    ['a schema', body({ a: 1 }), { schema: { required: ['a'] } }],
  ])('passes with %s', (_what, answer, expected) => {
    expect(judge(answer, { expect: expected })).toMatchObject({ kind: 'good' });
  });

  it.each<[string, ProbeAnswer, object, string, string]>([
    ['a class', respond(304, ''), { status: '2xx' }, 'wrong-status', 'HTTP 304, expected 2xx'],
    ['a list', respond(500, ''), { status: [200, '3xx'] }, 'server-error', 'expected 200 or 3xx'],
    ['a value', body({ s: 'x' }), { json: [{ path: '$.s', oneOf: ['up'] }] }, 'wrong-body', 'one of "up"'],
    ['a text', respond(200, 'no'), { body: { contains: 'fine' } }, 'wrong-body', 'does not contain fine'],
    ['a pattern', respond(200, 'no'), { body: { matches: '^all' } }, 'wrong-body', 'does not match'],
    ['a schema', body({}), { schema: { required: ['a'] } }, 'wrong-body', 'schema'],
  ])('fails without %s', (_what, answer, expected, fault, text) => {
    expect(judge(answer, { expect: expected })).toMatchObject({
      kind: 'bad',
      fault,
      detail: expect.stringContaining(text),
    });
  });

  it('is not known where telling takes too much work, and is told of what is only warned of', () => {
    const large = body({ status: 'healthy', rows: Array.from({ length: 3_000 }, (_, n) => ({ n, m: [n] })) });
    const expensive = {
      json: [
        { path: '$..[?@..[?@..n]]', exists: true },
        { path: '$..*..*..*..*', exists: true },
      ],
    };
    expect(judge(large, { expect: expensive })).toMatchObject({
      kind: 'unknown',
      cause: 'too-expensive',
      detail: expect.stringContaining('too much work'),
    });
    expect(judge(respond(503, ''), { expect: expensive })).toMatchObject({
      kind: 'bad',
      fault: 'server-error',
    });
    expect(judge(large, { warn: expensive })).toMatchObject({
      kind: 'good',
      warning: expect.stringContaining('too much work'),
    });
  });

  it('is wrong where it is beyond the judge', () => {
    const broken = Object.defineProperty({ ...right }, 'body', {
      get: () => {
        throw new TypeError('no body');
      },
    });
    expect(judge(broken, {})).toMatchObject({
      kind: 'bad',
      fault: 'wrong-body',
      status: 200,
      detail: expect.stringContaining('cannot be judged'),
    });
  });

  it('is wrong where a schema that names itself finds no end in it', () => {
    const deep = respond(200, `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const schema = { type: 'array', items: { $ref: '#' } };
    expect(judge(deep, { expect: { schema } })).toMatchObject({
      kind: 'bad',
      fault: 'wrong-body',
      detail: 'the body is nested too deeply to be looked through',
    });
  });

  it.each(['$..a', '$.a'])('never throws for a body that is nested thousands deep: %s', (path) => {
    const deep = respond(200, `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
    expect(judge(deep, { expect: { json: [{ path, equals: 1 }] } })).toMatchObject({ fault: 'wrong-body' });
  });
});

describe('a condition that names the build', () => {
  it.each([
    ['a map', ofCommit],
    ['a list', listed],
    ['a header', { headers: { 'x-version': `\${COMMIT_SHA}` } }],
    ['a text', { body: { contains: `\${COMMIT_SHA}` } }],
    ['a schema', { schema: { properties: { version: { const: `\${COMMIT_SHA}` } } } }],
  ])('is filled in: %s', (_what, expected) => {
    const headers = { 'x-version': commit };
    expect(judge({ ...right, headers } as ProbeAnswer, { expect: expected })).toMatchObject({ kind: 'good' });
    expect(judge(stale, { expect: expected })).toMatchObject({ kind: 'bad', ofBuild: true });
  });

  it('is not what a response is wrong in that is wrong in something else too', () => {
    const both = body({ status: 'down', version: 'fedcba9' });
    expect(judge(both, { expect: ofCommit })).not.toHaveProperty('ofBuild');
    expect(judge(both, { expect: ofCommit })).toMatchObject({ detail: expect.stringContaining('$.status') });
  });

  it.each<[string, ProbeAnswer]>([
    ['right', right],
    ['stale', stale],
  ])('says nothing where the commit is not known, by a response that is %s', (_what, answer) => {
    expect(judge(answer, { expect: ofCommit }, unknown)).toEqual({
      kind: 'unknown',
      cause: 'no-value',
      detail: `\${COMMIT_SHA} is not known: no build of web-2 is recorded; all else is as expected`,
    });
  });

  it('leaves what needs no build to be judged where the commit is not known', () => {
    const down = respond(503, 'down');
    expect(judge(down, { expect: ofCommit }, unknown)).toMatchObject({ fault: 'server-error' });
    expect(judge(down, { expect: ofCommit }, unknown)).not.toHaveProperty('ofBuild');
    const wrong = body({ status: 'down' });
    expect(judge(wrong, { expect: ofCommit }, unknown)).toMatchObject({ fault: 'wrong-body' });
  });

  it.each<[BuildConditions, typeof known, string]>([
    ['left-out', known, 'good'],
    ['left-out', unknown, 'good'],
    ['where-known', known, 'bad'],
    ['where-known', unknown, 'good'],
  ])('%s', (conditions, values, kind) => {
    expect(judge(stale, { expect: ofCommit }, values, conditions).kind).toBe(kind);
    expect(judge(respond(500, ''), { expect: ofCommit }, values, conditions).kind).toBe('bad');
  });

  it('is none where it names the revision, which is always known', () => {
    const expected = { json: { revision: `\${REVISION}` } };
    expect(judge(body({ revision: 'web-2' }), { expect: expected }, unknown, 'left-out').kind).toBe('good');
    expect(judge(body({ revision: 'web-1' }), { expect: expected }, unknown, 'left-out')).toMatchObject({
      kind: 'bad',
      detail: expect.stringContaining('web-1'),
    });
  });
});

describe('what is sent', () => {
  it('has the values of the build, under names in lower case', () => {
    const headers = { 'X-Expect': `\${COMMIT_SHA} \${REVISION} \${BUILD_ID}` };
    expect(question({ headers, method: 'HEAD' })).toMatchObject({
      method: 'HEAD',
      headers: { 'x-expect': `${commit} web-2 b-1` },
    });
  });

  it('is nothing where a value is not known', () => {
    expect(question({ headers: { x: `\${BUILD_ID}` } }, unknown)).toEqual({
      kind: 'unknown',
      cause: 'no-value',
      detail: `health.headers: \${BUILD_ID} is not known: no build of web-2 is recorded`,
    });
  });
});

describe('a warning', () => {
  it('is told of a good response, which stays good', () => {
    const warn = { json: { cache: 'up' } };
    expect(judge(body({ status: 'healthy', cache: 'down' }), { warn })).toMatchObject({
      kind: 'good',
      warning: '$.cache is "down", expected "up"',
    });
    expect(judge(body({ status: 'healthy', cache: 'up' }), { warn })).not.toHaveProperty('warning');
  });

  it('is told of no bad response', () => {
    expect(judge(respond(503, ''), { warn: { status: 200 } })).not.toHaveProperty('warning');
  });

  it('is none where a value is not known', () => {
    expect(judge(right, { warn: ofCommit }, unknown)).not.toHaveProperty('warning');
  });
});

test.each<[string, Parameters<typeof buildValuesOf>, string]>([
  ['several revisions', [undefined, undefined], 'several revisions may answer'],
  ['a build without a commit', [web2, { id }], 'build b-1 of web-2 has no COMMIT_SHA'],
  ['a text that is no commit', [web2, { id, commit: 'x\ny' }], 'COMMIT_SHA of build b-1 is no commit'],
])('what %s stands for is not known', (_what, given, why) => {
  const { values, why: told } = buildValuesOf(...given);
  expect(values.has('COMMIT_SHA')).toBe(false);
  expect(told).toBe(why);
});
