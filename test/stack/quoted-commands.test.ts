import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { runProcess } from '../cli/run-process.ts';
import { argumentsOf, linesToPaste, wordsOf } from '../docs/quoted-commands.ts';
import { recordsFile, Stack } from './stack.ts';

const lines = linesToPaste().filter((line) => wordsOf(line).some((words) => argumentsOf(words)));
const first = lines.find(({ text }) => text.includes(' guard '));
/** With built-in values a guard takes minutes; other tests run it. */
const isLong = (args: readonly string[]) => args[0] === 'guard' && !args.includes('--config');

/** The records of the test in place of those of a project. */
function withRecords(args: readonly string[]): readonly string[] {
  const at = args.indexOf('--firestore');
  return at < 0 ? args : [...args.slice(0, at), '--records', recordsFile, ...args.slice(at + 2)];
}

describe('the commands of README and the guides, one after the other', () => {
  let stack: Stack;
  beforeAll(async () => {
    const checks = [{ name: 'home', path: '/' }];
    const suites = [{ name: 'shop', kind: 'http', tags: ['golden-path'], checks }];
    stack = await Stack.start({ suites }, { USER: 'ann' });
    await stack.build(webContainer({ VERSION: 'v1' }));
    await stack.apply();
    await stack.build(webContainer({ VERSION: 'v2' }), { revisionSuffix: '00042-abc' });
    await stack.writeMessage();
    await stack.write('build.json', await stack.read('message.json'));
    await mkdir(join(stack.folder, 'reports'));
    const report = '<testsuite name="cart"><testcase name="adds" time="0.1"/></testsuite>';
    for (const file of ['report.xml', 'reports/a.xml', 'reports/b.xml']) await stack.write(file, report);
    const example = join(import.meta.dirname, '../../deploy-loop.example.yaml');
    await copyFile(example, join(stack.folder, 'deploy-loop.example.yaml'));
    await stack.write('seconds.json', '{"cart": 1.5, "pay": 0.5}');
    await stack.write('incident.json', '{"symptom": {"http": 503}, "evidence": [{"line": "exit code 1"}]}');
    await stack.write('INDEX.md', '## Staging (`tests/staging/`)\n\n- `test_ws.py` - events (5 tests)\n');
    const sarif = { version: '2.1.0', runs: [{ tool: { driver: { name: 'Lint' } }, results: [] }] };
    for (const file of ['results.sarif', 'lint.sarif', 'code.sarif'])
      await stack.write(file, JSON.stringify(sarif));
    await stack.write('ids.txt', 'tests/staging/test_ws.py::test_opens\n');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  test.each(lines.map((line) => [line.place, line] as const))('%s is good input', async (_place, line) => {
    for (const words of wordsOf(line, stack.folder)) {
      const args = argumentsOf(words);
      if (!args || isLong(args)) continue;
      const { code, stderr } = await stack.cli(...withRecords(args));
      expect({ args, code, stderr }).not.toMatchObject({ code: 2 });
      expect(stderr).not.toContain('internal error');
    }
  });
});

test('the first command of README that needs Google tells a newcomer without credentials how to sign in, in one line', async () => {
  if (!first) throw new Error('README shows no command');
  const [words = []] = wordsOf(first);
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', METADATA_SERVER_DETECTION: 'none' };
  const { code, stdout, stderr } = await runProcess(argumentsOf(words) ?? [], { cwd: '/', env });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^deploy-loop: .*gcloud auth application-default login.*\n$/);
});
