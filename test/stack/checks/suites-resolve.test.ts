import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { deployAfterGood } from '../deploy-after-good.ts';
import { Stack } from '../stack.ts';

/** Each asks for the front page at the URL that it was given, with its standard library alone; version 2 fails. */
const python = `import json, os, sys, urllib.request
version = json.load(urllib.request.urlopen(os.environ['DEPLOY_LOOP_URL'] + '/'))['version']
open('seen.txt', 'a').write('%s %s\\n' % (os.environ['DEPLOY_LOOP_REVISION'], version))
inner = '<failure/>' if version == '2' else ''
open(sys.argv[1], 'w').write('<testsuite><testcase name="front">%s</testcase></testsuite>' % inner)
sys.exit(1 if inner else 0)
`;
const node = `import { appendFileSync, writeFileSync } from 'node:fs';
const { DEPLOY_LOOP_URL, DEPLOY_LOOP_REVISION } = process.env;
const { version } = await (await fetch(DEPLOY_LOOP_URL + '/')).json();
appendFileSync('seen.txt', DEPLOY_LOOP_REVISION + ' ' + version + '\\n');
const inner = version === '2' ? '<failure/>' : '';
writeFileSync(process.argv[2], '<testsuite><testcase name="front">' + inner + '</testcase></testsuite>');
process.exitCode = inner === '' ? 0 : 1;
`;

it.each([
  ['Python', 'python3', python],
  ['Node', process.execPath, node],
])(
  'gives %s URLs that it resolves, of the new revision and of the stable one',
  async (_what, program, text) => {
    const run = `${program} ./run.mjs {results} {tests}`;
    const suite = { name: 'pages', kind: 'command', priority: 'P1', list: 'echo front', run };
    await using stack = await Stack.start(
      { suites: [suite], tests: { workers: 1 } },
      { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
    );
    await stack.write('run.mjs', text);
    const { stable, candidate } = await deployAfterGood(stack, webContainer({ VERSION: '2' }));

    const { code, run: judged } = await stack.guardBuild();

    expect({ code, judged }).toMatchObject({
      code: 1,
      judged: { verdict: 'fail', target: stable, reasons: [{ code: 'regression' }] },
    });
    const seen = (await readFile(join(stack.folder, 'seen.txt'), 'utf8')).trim().split('\n');
    // `apply` has tried stable alone; the failure is tried again, then on stable by the URL of its tag, then once more.
    expect(seen).toEqual([
      `${stable} unknown`,
      `${candidate} 2`,
      `${candidate} 2`,
      `${stable} unknown`,
      `${candidate} 2`,
    ]);
  },
);
