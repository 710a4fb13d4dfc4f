import { describe, expect, it } from '@jest/globals';
import type { Preventable } from '../../../shared/domain/commit/preventable.ts';
import { filesForPrevention, planPrevention } from '../../../shared/domain/prevention/plan-prevention.ts';
import type { BaseFiles, PreventionPlan } from '../../../shared/domain/prevention/prevention-plan.ts';

type Files = Readonly<Record<string, string>>;

/** The plan for a base with these files, of which only those are read that are asked for. */
function plan(preventable: Preventable, of: Files): PreventionPlan | undefined {
  const files = Object.keys(of).map((path) => ({ path, isExecutable: path.endsWith('.sh') }));
  const wanted = filesForPrevention(preventable, { files, texts: new Map() });
  const base: BaseFiles = { files, texts: new Map(wanted.map((path) => [path, of[path]])) };
  return planPrevention(preventable, base);
}

function written(of: PreventionPlan | undefined): Files | undefined {
  return of && Object.fromEntries(of.files.map(({ path, text }) => [path, text]));
}

const lf = '#!/bin/sh\nrun\n';
const crlf = '#!/bin/sh\r\nrun\r\n';

const lineEnds: readonly (readonly [
  title: string,
  paths: readonly string[],
  of: Files,
  files: Files | undefined,
])[] = [
  [
    'stores the script with LF and demands it',
    ['start.sh'],
    { 'start.sh': crlf },
    { 'start.sh': lf, '.gitattributes': '/start.sh text eol=lf\n' },
  ],
  [
    'keeps what .gitattributes says of others, and its own line ends',
    ['start.sh'],
    { 'start.sh': crlf, '.gitattributes': '*.png binary\r\n' },
    { 'start.sh': lf, '.gitattributes': '*.png binary\r\n/start.sh text eol=lf\r\n' },
  ],
  [
    'has the last word over a rule that demands CRLF',
    ['start.sh'],
    { 'start.sh': lf, '.gitattributes': '*.sh eol=crlf' },
    { '.gitattributes': '*.sh eol=crlf\n/start.sh text eol=lf\n' },
  ],
  [
    'writes the nearest .gitattributes',
    ['deploy/run.sh'],
    { 'deploy/run.sh': lf, 'deploy/.gitattributes': '* eol=crlf\n', '.gitattributes': '' },
    { 'deploy/.gitattributes': '* eol=crlf\n/run.sh text eol=lf\n' },
  ],
  [
    'stores a script anew that .gitattributes demands so',
    ['a.sh'],
    { 'a.sh': crlf, '.gitattributes': '*.sh eol=lf\n' },
    { 'a.sh': lf },
  ],
  [
    'changes nothing where all is well',
    ['a.sh'],
    { 'a.sh': lf, '.gitattributes': '*.sh eol=lf\n' },
    undefined,
  ],
  ['changes nothing where the script is gone', ['a.sh'], { 'b.sh': crlf }, undefined],
  [
    'changes no more than five files',
    ['1', '2', '3', '4', '5'],
    { 1: crlf, 2: crlf, 3: crlf, 4: crlf, 5: crlf },
    undefined,
  ],
  ['changes nothing where a path needs quotation marks', ['a b.sh'], { 'a b.sh': crlf }, undefined],
];

const shop = {
  'main.py': '',
  'shop/audit/__init__.py': '',
  'shop/audit/log.py': '',
  'shop/audit/README.md': '',
};
const audit = ['shop/audit/__init__.py'];

const modules: readonly (readonly [
  title: string,
  paths: readonly string[],
  of: Files,
  files: Files | undefined,
])[] = [
  [
    'makes an exception right after the rule, so that later ones stay in force',
    audit,
    { ...shop, '.dockerignore': '.git\n**/audit/\n*.md\n' },
    { '.dockerignore': '.git\n**/audit/\n!shop/audit\n*.md\n' },
  ],
  [
    'makes it after each rule that has the last word',
    audit,
    { ...shop, '.dockerignore': '**/audit\nshop/*\n' },
    { '.dockerignore': '**/audit\nshop/*\n!shop/audit\n' },
  ],
  [
    'takes a module of one file alone',
    ['shop/audit/log.py'],
    { ...shop, '.dockerignore': '**/*.py\n' },
    { '.dockerignore': '**/*.py\n!shop/audit/log.py\n' },
  ],
  [
    'writes for gcloud as Git reads it, and both files where both have such a rule',
    audit,
    { ...shop, '.dockerignore': '**/audit\n', '.gcloudignore': 'audit/\r\n' },
    { '.dockerignore': '**/audit\n!shop/audit\n', '.gcloudignore': 'audit/\r\n!/shop/audit/\r\n' },
  ],
  ['changes nothing where Git takes nothing back', audit, { ...shop, '.gcloudignore': 'shop/\n' }, undefined],
  [
    'writes the ignore file of the folder that is built',
    ['web/src/lib.js'],
    { 'web/src/lib.js': '', 'web/.dockerignore': 'src\n', '.dockerignore': '*.md\n' },
    { 'web/.dockerignore': 'src\n!src/lib.js\n' },
  ],
  [
    'lets in nothing that may be a secret',
    audit,
    { ...shop, 'shop/audit/prod.pem': '', '.dockerignore': '**/audit\n' },
    undefined,
  ],
  ['changes nothing where no rule leaves it out', audit, { ...shop, '.dockerignore': '*.md\n' }, undefined],
  ['changes nothing where the module is gone', audit, { '.dockerignore': '**/audit\n' }, undefined],
];

describe('a prevention', () => {
  it.each(lineEnds)('%s', (_title, paths, of, files) => {
    expect(written(plan({ kind: 'line-ends', paths }, of))).toEqual(files);
  });

  it.each(modules)('%s', (_title, paths, of, files) => {
    expect(written(plan({ kind: 'ignored-module', paths }, of))).toEqual(files);
  });

  it('keeps a script executable', () => {
    expect(plan({ kind: 'line-ends', paths: ['start.sh'] }, { 'start.sh': crlf })?.files).toContainEqual({
      path: 'start.sh',
      text: lf,
      executable: true,
    });
  });

  it('tells what gets into the image, and how to see that it does', () => {
    const found = plan({ kind: 'ignored-module', paths: audit }, { ...shop, '.dockerignore': '**/audit\n' });
    expect(found?.risk).toContain(
      '3 more files of the commit: shop/audit/__init__.py, shop/audit/log.py, shop/audit/README.md',
    );
    expect(found?.test).toEqual([
      "printf 'FROM busybox\\nCOPY . /context\\nRUN test -e /context/shop/audit/__init__.py\\n' | docker build -f - .",
    ]);
  });

  it('says that it ends the cause only where nothing is left of it', () => {
    const both: Files = { ...shop, '.dockerignore': '**/audit\n', '.gcloudignore': 'shop/\n' };
    expect(plan({ kind: 'ignored-module', paths: audit }, both)?.endsCause).toBe(false);
    expect(plan({ kind: 'ignored-module', paths: audit }, { ...both, '.gcloudignore': '' })?.endsCause).toBe(
      true,
    );
    const scripts = ['start.sh', 'a b.sh'];
    expect(plan({ kind: 'line-ends', paths: scripts }, { 'start.sh': crlf, 'a b.sh': crlf })?.endsCause).toBe(
      false,
    );
    expect(plan({ kind: 'line-ends', paths: ['start.sh'] }, { 'start.sh': crlf })?.endsCause).toBe(true);
  });
});
