import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { neededRequirements } from './needed-requirements.ts';

describe('neededRequirements', () => {
  let rootDir: string;
  beforeEach(() => {
    rootDir = mkdtempSync(join(tmpdir(), 'needed-'));
    mkdirSync(join(rootDir, 'test'));
    const write = (name: string, call: string) =>
      writeFileSync(join(rootDir, 'test', `${name}.test.ts`), `${call}('${name}', () => {});`);
    write('one', 'describeWithFirestore');
    write('two', 'describeWithPubSub');
    write('none', 'describe');
  });
  afterEach(() => rmSync(rootDir, { recursive: true }));

  it.each([
    ['one', ["Google's Firestore emulator"]],
    ['one|two', ["Google's Firestore emulator", "Google's Pub/Sub emulator"]],
    ['none', []],
    ['nowhere', []],
  ])('finds what the test files matching %s need', (pattern, names) => {
    const isMatch = (path: string) => new RegExp(pattern).test(path.slice(rootDir.length));
    const needed = neededRequirements({ rootDir, testPathPatterns: { toExecutor: () => ({ isMatch }) } });
    expect([...needed].map(({ name }) => name).sort()).toEqual(names);
  });
});
