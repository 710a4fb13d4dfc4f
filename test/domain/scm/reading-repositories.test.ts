import { describe, expect, it } from '@jest/globals';
import { addedLines } from '../../../shared/domain/scm/changed-lines.ts';
import { endOfLineOf } from '../../../shared/domain/scm/git-attributes.ts';
import { type IgnoreFileName, ignoringRule } from '../../../shared/domain/scm/ignore-file.ts';
import { lineEndsOf } from '../../../shared/domain/scm/line-ends.ts';
import { pathInRepository } from '../../../shared/domain/scm/path-in-repository.ts';

const ignored: readonly (readonly [
  title: string,
  name: IgnoreFileName,
  text: string,
  path: string,
  line: number | undefined,
])[] = [
  ['a folder at any depth', '.dockerignore', '*.md\n**/monitoring/\n', 'shop/monitoring/a.py', 2],
  ['Docker begins at the root', '.dockerignore', 'monitoring\n', 'shop/monitoring/a.py', undefined],
  ['Git looks in all folders', '.gcloudignore', 'monitoring\n', 'shop/monitoring/a.py', 1],
  ['Docker takes back what is in a folder', '.dockerignore', 'shop\n!shop/a.py\n', 'shop/a.py', undefined],
  ['Git does not', '.gcloudignore', 'shop/\n!/shop/a.py\n', 'shop/a.py', 1],
  ['Docker: the last match counts', '.dockerignore', '*\n!shop\nshop/tests\n', 'shop/tests/a.py', 3],
  ['all but what is named', '.dockerignore', '*\n!shop\n', 'shop/a.py', undefined],
  ['a comment and CRLF', '.dockerignore', '# shop\r\n/shop/\r\n', 'shop/a.py', 2],
  ['the case of letters counts', '.gcloudignore', 'shop/\n', 'Shop/a.py', undefined],
  ['a rule that leaves the folder', '.dockerignore', '../shop\n.\n', 'shop/a.py', undefined],
];

describe('an ignore file', () => {
  it.each(ignored)('%s (%s)', (_title, name, text, path, line) => {
    expect(ignoringRule(name, text, path)?.line).toBe(line);
  });
});

describe('.gitattributes', () => {
  it.each([
    ['*.sh text eol=lf', 'deploy/start.sh', 'lf'],
    ['* text=auto\n*.sh eol=crlf', 'deploy/start.sh', 'crlf'],
    ['*.sh eol=crlf\n/deploy/start.sh text eol=lf', 'deploy/start.sh', 'lf'],
    ['deploy eol=crlf\ndeploy/ eol=crlf', 'deploy/start.sh', undefined],
    ['*.sh eol=crlf\n*.sh -text', 'start.sh', undefined],
    ['* text=auto', 'start.sh', undefined],
  ])('%j ends the lines of %s with %s', (text, path, ends) => {
    expect(endOfLineOf(text, path)).toBe(ends);
  });
});

describe('line ends', () => {
  it('are counted, and those of the first line are told', () => {
    expect(lineEndsOf('#!/bin/sh\r\nexec a\r\n')).toEqual({ lines: 2, crlf: 2, firstIsCrlf: true });
    expect(lineEndsOf('#!/bin/sh\nexec a\r\nend')).toEqual({ lines: 3, crlf: 1, firstIsCrlf: false });
    expect(lineEndsOf('')).toEqual({ lines: 0, crlf: 0, firstIsCrlf: false });
  });
});

describe('a path in the container', () => {
  const files = ['main.py', 'shop/views.py', 'tests/main.py', 'backend/run.sh', 'worker/run.sh'];
  it.each([
    ['/app/shop/views.py', 'shop/views.py'],
    ['file:///srv/views.py', 'shop/views.py'],
    ['/app/main.py', 'main.py'],
    ['./shop/./views.py', 'shop/views.py'],
    ['/app/run.sh', undefined],
    ['/usr/bin/python', undefined],
  ])('%s is %s of the repository', (path, file) => {
    expect(pathInRepository(path, files)).toBe(file);
  });
});

describe('a diff', () => {
  it('tells the numbers of the lines that it adds', () => {
    const patch =
      '@@ -1,3 +1,4 @@ def a():\n one\n-two\n+zwei\n+drei\n four\n@@ -20 +21 @@\n-x\n+y\n\\ No newline';
    expect([...addedLines(patch)]).toEqual([2, 3, 21]);
  });
});
