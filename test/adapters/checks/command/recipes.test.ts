import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { CommandCheckRunner } from '../../../../shared/adapters/checks/command/command-check-runner.ts';
import { ComposedSecrets } from '../../../../shared/adapters/checks/secrets/composed-secrets.ts';
import { SystemRandom } from '../../../../shared/adapters/system-random.ts';
import { CommandSuiteSchema } from '../../../../shared/contracts/suites/command-suite.ts';
import type { CheckResult } from '../../../../shared/domain/checks/check-result.ts';
import type { RevisionName, RunId } from '../../../../shared/domain/ids.ts';
import { judgeReport } from '../../../../shared/test-reports/judge-report.ts';
import { readReport } from '../../../../shared/test-reports/read-report.ts';
import { describeWithPytest } from '../../../emulators/needs.ts';

const root = join(import.meta.dirname, '../../../..');
const guide = await readFile(join(root, 'docs/recipes.md'), 'utf8');
const recipes = new Map(
  [...guide.matchAll(/^## (.+)$([\s\S]*?)^```yaml\n([\s\S]*?)^```/gm)].map(([, name = '', , text = '']) => [
    name,
    CommandSuiteSchema.parse(parse(text)),
  ]),
);

const target = {
  runId: '0123456789abcdef0123' as RunId,
  revision: 'web-2' as RevisionName,
  build: undefined,
  url: 'https://web.example',
  authenticate: 'never' as const,
  audience: 'https://web.example',
  edges: [],
};
const never = new AbortController().signal;

let project = '';
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'deploy-loop-recipe-'));
});
afterEach(() => rm(project, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), text);
  }
}

/** The outcome of each test that the recipe lists, by its id; paths below the project are relative. */
async function play(recipe: string) {
  const suite = recipes.get(recipe);
  if (!suite) throw new Error(`docs/recipes.md has no recipe for ${recipe}`);
  const environment = { PATH: process.env.PATH, HOME: project };
  const runner = new CommandCheckRunner({
    secrets: new ComposedSecrets({}, async () => ''),
    tokens: { idToken: async () => '' },
    random: new SystemRandom(),
    environment,
    cwd: project,
  });
  const { checks, problems } = await runner.collect(suite, target, never);
  const results: CheckResult[] = [];
  const ids = checks.map(({ id }) => id);
  await runner.run({ suite, ids, target, attempt: 1 }, (result) => results.push(result), never);
  const outcomes = results.map(({ id, outcome }) => [id.replace(`${project}/`, ''), outcome]);
  return { problems, outcomes: Object.fromEntries(outcomes), details: results.map(({ detail }) => detail) };
}

it('has a recipe for each runner that README names', () => {
  expect([...recipes.keys()]).toEqual(['pytest', 'jest', 'Playwright', 'Go']);
});

describeWithPytest('the recipe for pytest', () => {
  it('runs tests with spaces, brackets and quotes in their ids', async () => {
    await write({
      'tests/e2e/test_cart.py': `
import os, pytest
@pytest.mark.parametrize('what', ['two items', 'a[0]', '$HOME "x"', "it's"])
def test_adds(what): assert what
class TestCart:
    def test_url(self): assert os.environ['DEPLOY_LOOP_URL'] == 'https://web.example'
    def test_fails(self): assert 1 == 2
`,
    });
    const file = 'tests/e2e/test_cart.py';
    expect(await play('pytest')).toMatchObject({
      problems: [],
      outcomes: {
        [`${file}::test_adds[two items]`]: 'passed',
        [`${file}::test_adds[a[0]]`]: 'passed',
        [`${file}::test_adds[$HOME "x"]`]: 'passed',
        [`${file}::test_adds[it's]`]: 'passed',
        [`${file}::TestCart::test_url`]: 'passed',
        [`${file}::TestCart::test_fails`]: 'failed',
      },
    });
  });
});

describe('the recipe for jest', () => {
  it('runs files with spaces and brackets in their names', async () => {
    await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
    const good = `test('has an address', () => { expect(process.env.DEPLOY_LOOP_URL).toBe('https://web.example'); });`;
    await write({
      'jest.config.js': 'module.exports = {};',
      'src/cart.test.js': good,
      'src/my pages/[id].test.js': good,
      'src/bad.test.js': `describe('cart [v2]', () => { test('is right', () => {}); test('is wrong', () => { throw new Error('no'); }); });`,
      'src/broken.test.js': `require('./nowhere');`,
    });
    expect(await play('jest')).toMatchObject({
      problems: [],
      outcomes: {
        'src/cart.test.js': 'passed',
        'src/my pages/[id].test.js': 'passed',
        'src/bad.test.js': 'failed',
        'src/broken.test.js': expect.stringMatching(/errored|failed/),
      },
      details: expect.arrayContaining([expect.stringContaining('nowhere')]),
    });
  });
});

describe('the recipe for Playwright', () => {
  it('runs tests of one project by their titles, without headings and totals', async () => {
    await symlink(join(root, 'node_modules'), join(project, 'node_modules'));
    const spec = `
const { test, expect } = require('@playwright/test');
test('has an address', { tag: '@fast' }, () => { expect(process.env.DEPLOY_LOOP_URL).toBe('https://web.example'); });
test.describe('cart [v2]', () => {
  test('adds 100% (really) $HOME "x"', () => {});
  test('fails', () => { expect(1).toBe(2); });
});`;
    await write({
      'playwright.config.js': `module.exports = { testDir: './e2e', projects: [{ name: 'chromium' }, { name: 'firefox' }] };`,
      'e2e/cart.spec.js': spec,
      'e2e/my pages/[id].spec.js': spec,
    });
    const outcomesOf = (file: string) => ({
      [`${file} › has an address`]: 'passed',
      [`${file} › cart [v2] › adds 100% (really) $HOME "x"`]: 'passed',
      [`${file} › cart [v2] › fails`]: 'failed',
    });
    expect(await play('Playwright')).toMatchObject({
      problems: [],
      outcomes: { ...outcomesOf('cart.spec.js'), ...outcomesOf('my pages/[id].spec.js') },
    });
  });
});

describe('the recipe for Go', () => {
  it('finds packages in a report of gotestsum', async () => {
    const cases = (name: string, failure: string) =>
      `<testsuite name="${name}"><testcase classname="${name}" name="TestAdds/two_items_[v2]" time="0.01"></testcase>` +
      `<testcase classname="${name}" name="TestAdds" time="0.01">${failure}</testcase></testsuite>`;
    const failure = '<failure message="Failed" type="">c_test.go:4: no</failure>';
    const xml = `<testsuites>${cases('example.com/shop/cart', failure)}${cases('example.com/shop/pay', '')}</testsuites>`;
    const report = await readReport(Readable.from([Buffer.from(xml)]));
    const ended = { how: 'exited', code: 1, signal: undefined, tail: '' } as const;
    const results = judgeReport(['example.com/shop/cart', 'example.com/shop/pay'], report, ended, 0);
    expect(results.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['example.com/shop/cart', 'failed'],
      ['example.com/shop/pay', 'passed'],
    ]);
  });
});
