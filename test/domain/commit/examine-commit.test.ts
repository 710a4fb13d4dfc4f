import { describe, expect, it } from '@jest/globals';
import type { CommitFacts, CommitReport } from '../../../shared/domain/commit/commit-facts.ts';
import { examineCommit, filesToRead } from '../../../shared/domain/commit/examine-commit.ts';
import { suspicionsOf } from '../../../shared/domain/commit/suspicion.ts';
import type { Category } from '../../../shared/domain/diagnosis/categories.ts';
import { type Diagnosis, diagnoseIncident } from '../../../shared/domain/diagnosis/diagnose-incident.ts';
import type { ChangedFile, CommitComparison } from '../../../shared/domain/scm/commit-comparison.ts';

const sha = 'c'.repeat(40);

interface Case {
  readonly log: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly changed?: readonly Partial<ChangedFile>[];
  readonly relation?: CommitComparison['relation'];
}

function compared({ changed, relation = 'ahead' }: Case): CommitComparison | undefined {
  if (!changed) return undefined;
  const files = changed.map(
    (file): ChangedFile => ({
      path: 'a',
      status: 'modified',
      previousPath: undefined,
      additions: 1,
      deletions: 1,
      patch: undefined,
      ...file,
    }),
  );
  return {
    relation,
    aheadBy: relation === 'ahead' ? 2 : 0,
    behindBy: relation === 'behind' ? 3 : 0,
    commits: [],
    files,
    filesCut: false,
    url: '',
  };
}

/** The diagnosis by the log alone, and the one with the commit. */
function diagnose(of: Case): {
  readonly first: Diagnosis;
  readonly second: Diagnosis;
  readonly report: CommitReport;
} {
  const incident = {
    evidence: of.log.map((text, n) => ({
      ref: `log:${n}`,
      source: 'output' as const,
      text,
      severity: 'ERROR',
    })),
    hasTraffic: true,
  };
  const first = diagnoseIncident(incident);
  const suspicions = suspicionsOf(incident, first);
  const known = { sha, paths: Object.keys(of.files), pathsCut: false, comparison: compared(of) };
  let files: CommitFacts['files'] = new Map();
  for (let wanted = filesToRead(suspicions, { ...known, files }); wanted.length > 0; ) {
    files = new Map([...files, ...wanted.map((path) => [path, of.files[path]] as const)]);
    wanted = filesToRead(suspicions, { ...known, files });
  }
  const report = examineCommit(suspicions, first.category, { ...known, files });
  return { first, second: diagnoseIncident(incident, report), report };
}

const script = '#!/bin/sh\nexec gunicorn main:app\n';
const crlf = script.replaceAll('\n', '\r\n');
const noInterpreter =
  'terminated: Application failed to start: exec /app/start.sh: no such file or directory';
const syntaxError = (code: string) =>
  `  File "/app/shop/views.py", line 2\n    ${code}\n        ^\nSyntaxError: expected ':'`;
const noModule =
  'Traceback (most recent call last):\n  File "/app/main.py", line 1, in <module>\n    from shop import monitoring\nModuleNotFoundError: No module named \'shop.monitoring\'';
const package_ = { 'main.py': '', 'shop/__init__.py': '', 'shop/monitoring/__init__.py': '' };

const cases: readonly (readonly [title: string, category: Category, says: string, ref: string, of: Case])[] =
  [
    [
      'a script that the commit stores with CRLF',
      'line-ending-corruption',
      'in the commit: deploy/start.sh has CRLF line ends in 2 of 2 lines',
      `commit:${sha}:deploy/start.sh`,
      { log: [noInterpreter], files: { 'deploy/start.sh': crlf } },
    ],
    [
      'a script that .gitattributes gives CRLF',
      'line-ending-corruption',
      'in the commit: .gitattributes gives start.sh CRLF line ends in each checkout',
      `commit:${sha}:.gitattributes`,
      { log: [noInterpreter], files: { 'start.sh': script, '.gitattributes': '*.sh text eol=crlf\n' } },
    ],
    [
      'CRLF that the message proves and the commit does not have',
      'line-ending-corruption',
      'only in the container: the commit stores start.sh with LF line ends',
      `commit:${sha}:start.sh`,
      {
        log: ['/bin/sh: ./start.sh: /bin/bash^M: bad interpreter: No such file or directory'],
        files: { 'start.sh': script },
      },
    ],
    [
      'a script with LF whose interpreter is missing',
      'container-startup-failure/entrypoint',
      'its interpreter (#!/bin/sh) is not in the image',
      `commit:${sha}:start.sh`,
      { log: [noInterpreter], files: { 'start.sh': script } },
    ],
    [
      'a script that is kept out of the image',
      'container-startup-failure/entrypoint',
      'only in the container: line 1 of .dockerignore (*.sh) keeps start.sh out of the image',
      `commit:${sha}:.dockerignore`,
      { log: [noInterpreter], files: { 'start.sh': script, '.dockerignore': '*.sh\n' } },
    ],
    [
      'the command of the image, where no message names the script',
      'line-ending-corruption',
      'in the commit: docker/run has CRLF line ends',
      `commit:${sha}:docker/run`,
      {
        log: ['standard_init_linux.go:228: exec user process caused: no such file or directory'],
        files: { Dockerfile: 'FROM alpine\nCOPY docker/run /run\nENTRYPOINT ["/run"]\n', 'docker/run': crlf },
      },
    ],
    [
      'a syntax error that the commit has',
      'container-startup-failure/syntax-error',
      'in the commit: line 2 of shop/views.py reads so there',
      `commit:${sha}:shop/views.py`,
      {
        log: [syntaxError('def index(request)')],
        files: { 'shop/views.py': 'import os\n    def index(request)\n' },
      },
    ],
    [
      'a syntax error in a file with CRLF, which Python takes',
      'container-startup-failure/syntax-error',
      'its CRLF line ends are not the cause',
      `commit:${sha}:shop/views.py`,
      {
        log: [syntaxError('def index(request)')],
        files: { 'shop/views.py': 'import os\r\n    def index(request)\r\n' },
      },
    ],
    [
      'a syntax error that the commit does not have',
      'container-startup-failure/syntax-error',
      'only in the container: line 2 of shop/views.py reads otherwise in the commit',
      `commit:${sha}:shop/views.py`,
      {
        log: [syntaxError('def index(request)')],
        files: { 'shop/views.py': 'import os\ndef index(request):\n' },
      },
    ],
    [
      'a module that an ignore rule keeps out of the image',
      'container-startup-failure/missing-module',
      'only in the container: the commit has shop/monitoring/__init__.py, and line 2 of .dockerignore (**/monitoring/) keeps it out of the image',
      `commit:${sha}:.dockerignore`,
      { log: [noModule], files: { ...package_, '.dockerignore': '*.md\n**/monitoring/\n' } },
    ],
    [
      'a module that the commit has and no rule keeps out',
      'container-startup-failure/missing-module',
      'no ignore rule leaves it out: see what the Dockerfile copies',
      `commit:${sha}:shop/monitoring/__init__.py`,
      { log: [noModule], files: { ...package_, '.dockerignore': '*.md\n' } },
    ],
    [
      'a module that was never committed',
      'container-startup-failure/missing-module',
      'in the commit: it lacks shop.monitoring, which line 1 of .gitignore (monitoring*) keeps out of the repository',
      `commit:${sha}:.gitignore`,
      { log: [noModule], files: { 'main.py': '', 'shop/__init__.py': '', '.gitignore': 'monitoring*\n' } },
    ],
    [
      'a module that the commit lacks',
      'container-startup-failure/missing-module',
      'in the commit: it has shop, and no shop.monitoring there',
      `commit:${sha}`,
      { log: [noModule], files: { 'main.py': '', 'shop/__init__.py': '' } },
    ],
    [
      'a module that a commit removed',
      'container-startup-failure/missing-module',
      "in the commit: a commit since stable's removed shop/monitoring.py",
      `commit:${sha}:shop/monitoring.py`,
      {
        log: [noModule],
        files: { 'main.py': '', 'shop/__init__.py': '' },
        changed: [{ path: 'shop/monitoring.py', status: 'removed' }],
      },
    ],
    [
      'a module of Node that the commit lacks',
      'container-startup-failure/missing-module',
      'in the commit: it has lib, and no ./lib/cart there',
      `commit:${sha}`,
      {
        log: ["Error: Cannot find module './lib/cart'\nRequire stack:\n- /srv/index.js"],
        files: { 'index.js': '', 'lib/other.js': '' },
      },
    ],
    [
      'a module of Node that an ignore rule keeps out of the image',
      'container-startup-failure/missing-module',
      'the commit has src/lib/cart.js, and line 1 of src/.dockerignore (lib) keeps it out of the image',
      `commit:${sha}:src/.dockerignore`,
      {
        log: [
          "Error [ERR_MODULE_NOT_FOUND]: Cannot find module '/app/src/lib/cart.js' imported from /app/src/main.js",
        ],
        files: { 'src/main.js': '', 'src/lib/cart.js': '', 'src/.dockerignore': 'lib\n' },
      },
    ],
    [
      'a dependency that a commit took off the list',
      'container-startup-failure/missing-module',
      "in the commit: a commit since stable's took flask-cors out of requirements.txt",
      `commit:${sha}:requirements.txt`,
      {
        log: ["ModuleNotFoundError: No module named 'flask_cors'"],
        files: { 'main.py': '' },
        changed: [{ path: 'requirements.txt', patch: '@@ -1,2 +1 @@\n flask==3.0\n-Flask-Cors==5.0' }],
      },
    ],
    [
      'a line that is new where it breaks',
      'app-logic-regression',
      'line 4 of shop/views.py is new since the commit of stable',
      `commit:${sha}:shop/views.py`,
      {
        log: [
          "  File \"/app/shop/views.py\", line 4, in cart\nAttributeError: 'NoneType' object has no attribute 'items'",
        ],
        files: { 'shop/views.py': '' },
        changed: [{ path: 'shop/views.py', patch: '@@ -3,1 +3,2 @@\n a\n+    return cart.items()' }],
      },
    ],
    [
      'code that no commit changed',
      'app-logic-regression',
      "no commit since stable's changed shop/views.py",
      `commit:${sha}:shop/views.py`,
      {
        log: [
          "  File \"/app/shop/views.py\", line 4, in cart\nAttributeError: 'NoneType' object has no attribute 'items'",
        ],
        files: { 'shop/views.py': '' },
        changed: [{ path: 'README.md' }],
      },
    ],
    [
      'an interpreter of another version',
      'container-startup-failure/syntax-error',
      '2 commits, 2 files; among them Dockerfile: python:3.13-slim is now python:3.11-slim; requirements.txt (modified, +1 -1)',
      `commit:${sha}`,
      {
        log: [syntaxError('def index(request)')],
        files: {},
        changed: [
          { path: 'Dockerfile', patch: '@@ -1 +1 @@\n-FROM python:3.13-slim\n+FROM python:3.11-slim' },
          { path: 'requirements.txt' },
        ],
      },
    ],
    [
      'an older commit than that of stable',
      'container-startup-failure/syntax-error',
      "it is older than stable's commit: 3 commits were left out",
      `commit:${sha}`,
      { log: [syntaxError('def index(request)')], files: {}, changed: [], relation: 'behind' },
    ],
    [
      'the commit of stable',
      'container-startup-failure/syntax-error',
      'nothing: stable was made of the same commit, so its code is not what differs',
      `commit:${sha}`,
      { log: [syntaxError('def index(request)')], files: {}, changed: [], relation: 'identical' },
    ],
  ];

describe('a look at the commit', () => {
  it.each(cases)('tells of %s', (_title, category, says, ref, of) => {
    const { second } = diagnose(of);
    expect(second.category).toBe(category);
    const why = second.whys.find(({ answer }) => answer.includes(says));
    expect(second.whys.map(({ answer }) => answer)).toContainEqual(expect.stringContaining(says));
    expect(why?.evidence).toContain(ref);
  });

  it.each(cases)(
    'rests each step about %s on evidence that is there',
    (_title, _category, _says, _ref, of) => {
      const { second, report } = diagnose(of);
      const known = new Set([
        ...of.log.map((_text, n) => `log:${n}`),
        ...report.evidence.map(({ ref }) => ref),
      ]);
      for (const { evidence } of second.whys) {
        expect(evidence.length).toBeGreaterThan(0);
        for (const one of evidence) expect(known).toContain(one);
      }
    },
  );

  it('makes a guess about line ends sure, or takes it back', () => {
    const bad = diagnose({ log: [noInterpreter], files: { 'start.sh': crlf } });
    expect(bad.second.confidence).toBeGreaterThan(bad.first.confidence);
    expect(bad.report.preventable).toEqual({ kind: 'line-ends', paths: ['start.sh'] });
    const good = diagnose({ log: [noInterpreter], files: { 'start.sh': script } });
    expect(good.first.category).toBe('line-ending-corruption');
    expect(good.second.alternatives).toContainEqual({
      category: 'line-ending-corruption',
      confidence: 0,
      summary: 'Not so: the commit stores the script with LF line ends.',
    });
    expect(good.report.preventable).toBeUndefined();
  });

  it('keeps the words of the interpreter beside those of the commit', () => {
    const { second } = diagnose({
      log: [noModule],
      files: { ...package_, '.dockerignore': '**/monitoring/\n' },
    });
    expect(second.whys.map(({ evidence }) => evidence[0])).toEqual([
      'log:0',
      'log:0',
      `commit:${sha}:.dockerignore`,
    ]);
    expect(second.category).toBe('container-startup-failure/missing-module');
  });

  it('concludes nothing from a list of files that is cut', () => {
    const incident = { evidence: [{ ref: 'log:0', source: 'output' as const, text: noModule }] };
    const first = diagnoseIncident(incident);
    const facts = { sha, paths: ['main.py', 'shop/__init__.py'], pathsCut: true, files: new Map() };
    const { findings } = examineCommit(suspicionsOf(incident, first), first.category, facts);
    expect(findings).toEqual([]);
  });
});
