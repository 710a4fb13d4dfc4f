import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { protobuf } from 'google-gax';
import { parse } from 'yaml';
import { z } from 'zod';
import { Protos } from '../../infra/local/grpc/protos.ts';

const root = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const Build = new Protos('@google-cloud/cloudbuild').message('google.devtools.cloudbuild.v1.Build');
const [, snippet = ''] = /```yaml\n([\s\S]*?)```/.exec(read('docs/cloud-build.md')) ?? [];

/** Keys and values that are not those of a message of Cloud Build, by path. */
function faultsOf(value: unknown, type: protobuf.Type, path: string): readonly string[] {
  if (typeof value !== 'object' || value === null) return [`${path}: not a map`];
  return Object.entries(value).flatMap(([key, below]) => {
    const field = type.fields[key]?.resolve();
    const place = `${path}.${key}`;
    if (!field) return [`${place}: unknown key`];
    if (!field.repeated) return faultsOfOne(below, field, place);
    if (!Array.isArray(below)) return [`${place}: not a list`];
    return below.flatMap((one, index) => faultsOfOne(one, field, `${place}[${index}]`));
  });
}

function faultsOfOne(value: unknown, field: protobuf.Field, place: string): readonly string[] {
  const type = field.resolvedType;
  if (type === null || field.map) {
    const wanted = /int/.test(field.type) ? 'number' : field.type === 'bool' ? 'boolean' : 'string';
    const values = field.map && typeof value === 'object' && value !== null ? Object.values(value) : [value];
    return values.every((one) => typeof one === wanted) ? [] : [`${place}: not a ${wanted}`];
  }
  if ('values' in type) return Object.hasOwn(type.values, String(value)) ? [] : [`${place}: unknown value`];
  if (type.fullName === '.google.protobuf.Duration')
    return /^\d+s$/.test(String(value)) ? [] : [`${place}: not a duration such as 600s`];
  return faultsOf(value, type, place);
}

const Steps = z.object({
  steps: z.array(z.object({ id: z.string(), name: z.string(), args: z.string().array() })),
});
const builtIn = [
  'PROJECT_ID',
  'BUILD_ID',
  'PROJECT_NUMBER',
  'LOCATION',
  'COMMIT_SHA',
  'SHORT_SHA',
  'BRANCH_NAME',
];

describe.each([
  ['cloudbuild.yaml', read('cloudbuild.yaml')],
  ['docs/cloud-build.md', snippet],
])('the build in %s', (_file, text) => {
  it('is one that Cloud Build knows', () => {
    expect(faultsOf(parse(text), Build, 'build')).toEqual([]);
  });

  it('uses only substitutions that Cloud Build fills in', () => {
    const used = [...text.matchAll(/(?<!\$)\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !builtIn.includes(name))).toEqual([]);
  });
});

describe('the step in docs/cloud-build.md', () => {
  const { steps } = Steps.parse(parse(snippet));

  it('names every image by an exact version', () => {
    for (const { name } of steps) expect(name).toMatch(/:\d+\.\d+\.\d+(-\w+)?$/);
  });

  it('runs on the Node that the tests of Deploy Loop run on', () => {
    const { version } = z.object({ version: z.string() }).parse(JSON.parse(read('infra/node/package.json')));
    expect(steps.at(-1)?.name).toBe(`node:${version}`);
  });
});

describe('the walker', () => {
  it.each([
    [{ steps: [{ entryPoint: 'npm' }] }, 'build.steps[0].entryPoint: unknown key'],
    [{ steps: { id: 'x' } }, 'build.steps: not a list'],
    [{ steps: [{ args: [1] }] }, 'build.steps[0].args[0]: not a string'],
    [{ options: { logging: 'LOUD' } }, 'build.options.logging: unknown value'],
    [{ timeout: '20m' }, 'build.timeout: not a duration such as 600s'],
    [{ substitutions: { _A: 1 } }, 'build.substitutions: not a string'],
  ])('finds what is wrong with %j', (build, fault) => {
    expect(faultsOf(build, Build, 'build')).toEqual([fault]);
  });
});
