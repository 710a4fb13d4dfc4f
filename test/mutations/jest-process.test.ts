import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JestProcess } from './jest-process.ts';

const root = mkdtempSync(join(tmpdir(), 'jest-process-'));
const process = new JestProcess(root);
const plenty = 60_000;

beforeAll(() => {
  const files = {
    'package.json': '{}',
    'sums.test.js': "test('right', () => expect(1 + 1).toBe(2)); test('wrong', () => expect(1 + 1).toBe(3));",
    'broken.test.js': "require('./absent.js');",
    'endless.test.js': "test('endless', () => { for (;;); });",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
});

afterAll(() => {
  process[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

describe('JestProcess', () => {
  it('counts the tests that match the name', async () => {
    expect(await process.run(['sums.test.js'], '', plenty)).toMatchObject({ passed: 1, failed: 1 });
    expect(await process.run(['sums.test.js'], 'right', plenty)).toMatchObject({ passed: 1, failed: 0 });
    expect(await process.run(['sums.test.js'], 'absent', plenty)).toMatchObject({ passed: 0, failed: 0 });
  });

  it('sees what was changed since its last run', async () => {
    writeFileSync(join(root, 'sums.test.js'), "test('right', () => expect(1 + 1).toBe(4));");
    expect(await process.run(['sums.test.js'], 'right', plenty)).toMatchObject({ passed: 0, failed: 1 });
  });

  it('says why a file did not load', async () => {
    const output = expect.stringContaining('absent.js');
    expect(await process.run(['broken.test.js'], '', plenty)).toMatchObject({ unloaded: 1, output });
  });

  it('ends what never ends, and goes on with a new process', async () => {
    expect(await process.run(['endless.test.js'], '', 3_000)).toBe('timeout');
    expect(await process.run(['broken.test.js'], '', plenty)).toMatchObject({ unloaded: 1 });
  });
});
