import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { captureCli } from '../cli/captured-io.ts';
import { Stack } from './stack.ts';

const service = ['--service', 'web'];
const place = ['--project', 'acme-staging', '--region', 'us-central1'];
const config = ['--config', 'deploy-loop.yaml'];
const message = (file: string) => ['guard', '--message', file, ...config];
const records = ['--records', 'records.db'];
const why = ['--why', 'incident 42', '--as', 'ann'];

describe('the command line, given what it cannot use,', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start();
    await stack.deploy(webContainer());
    await stack.apply();
    await stack.write('not.json', 'hello');
    await stack.write('other.json', '{"hello":"world"}');
    await stack.write('list.json', '[]');
    await stack.write('base64.json', '{"data":"%%%"}');
    await stack.write('no-build.json', JSON.stringify({ data: btoa('{"id":"x"}') }));
    await stack.write('garbage.json', '{"runs":');
    await stack.write('empty.json', '');
  });
  afterAll(() => stack[Symbol.asyncDispose]());

  test.each<[string, readonly string[], RegExp]>([
    ['an unknown service', ['guard', '--service', 'shop', ...place], /no service shop in acme-staging/],
    [
      'an unknown revision',
      ['guard', ...service, ...place, '--revision', 'web-9'],
      /web has no revision web-9/,
    ],
    [
      'an unknown --stable',
      ['guard', '--service', 'web', ...place, '--stable', 'web-9'],
      /web has no revision web-9/,
    ],
    [
      'a service that the config does not have',
      ['guard', '--service', 'shop', ...config],
      /deploy-loop\.yaml has no service shop/,
    ],
    ['no project', ['guard', ...service, '--region', 'us-central1'], /--project is missing/],
    ['no service', ['guard', ...place], /--service/],
    ['neither service nor message', ['guard', ...config], /--service NAME or --message FILE/],
    ['both service and message', [...message('message.json'), ...service], /cannot be used with/],
    ['a name that is none', ['guard', '--service', 'Web!', ...place], /--service/],
    ['a message without a config', ['guard', '--message', 'other.json'], /--message needs --config/],
    ['a message file that is not there', message('missing.json'), /missing\.json does not exist/],
    ['a message that is not JSON', message('not.json'), /not\.json is not JSON/],
    ['a message that is other JSON', message('other.json'), /other\.json: not a Pub\/Sub message/],
    ['an empty list of messages', message('list.json'), /list\.json: contains no message: /],
    ['a message whose data is not base64', message('base64.json'), /base64\.json: data is not base64/],
    ['a message about something else', message('no-build.json'), /data is not a Cloud Build build/],
    [
      'a config that is not there',
      ['guard', ...service, '--config', 'missing.yaml'],
      /missing\.yaml does not exist/,
    ],
    ['a watch that is no duration', ['guard', ...service, ...place, '--watch', 'soon'], /--watch/],
    [
      '--firestore without a project',
      ['guard', ...service, ...config, '--firestore'],
      /--firestore needs a project/,
    ],
    [
      'two places for the records',
      ['guard', ...service, ...place, ...records, '--firestore', 'acme'],
      /cannot be used with/,
    ],
    [
      'a folder for records that is not there',
      ['guard', ...service, ...place, '--records', 'no/where.json'],
      /its folder does not exist/,
    ],
    ['apply without a place for the records', ['apply', 'deploy-loop.yaml'], /--records FILE/],
    ['apply of no file', ['apply', ...records], /file/],
    ['runs without records', ['runs'], /--records FILE/],
    [
      'runs of records that are not there',
      ['runs', '--records', 'missing.json'],
      /missing\.json does not exist/,
    ],
    [
      'runs of a service that has none',
      ['runs', '--service', 'shop', ...records],
      /no service shop is recorded/,
    ],
    ['runs of a verdict that is none', ['runs', '--verdict', 'bad', ...records], /--verdict/],
    ['runs with a limit of none', ['runs', '--limit', '0', ...records], /--limit/],
    ['a run id that is none', ['show', 'web', ...records], /run/],
    ['a run that is not there', ['show', '0'.repeat(20), ...records], /no run 0{20} is recorded/],
    ['an unknown service to unfreeze', ['unfreeze', 'shop', ...records], /no service shop is recorded/],
    [
      'a slip in the name of a service',
      ['pause', 'wev', ...why, ...records],
      /did you mean web\? \(known: web\)/,
    ],
    [
      'a change by hand without a reason',
      ['pin', 'web', '--as', 'ann', ...records],
      /--why TEXT is required/,
    ],
    ['a change by hand of nobody', ['pin', 'web', '--why', 'x', ...records], /--as NAME is required/],
    ['a reason of two lines', ['pin', 'web', '--why', 'a\nb', ...records], /is invalid\. must be one line/],
    ['a change by hand without records', ['pin', 'web', ...why], /--records FILE/],
    [
      'a change by hand without its folder',
      ['pin', 'web', ...why, '--records', 'no/where.json'],
      /where\.json does not exist/,
    ],
    [
      'a change by hand to no revision',
      ['pin', 'web', '--to', 'web-9', ...why, ...records],
      /web has no revision web-9.* \(newest: web-00001-\w+\)/,
    ],
    [
      'a rerun of no revision',
      ['rerun', 'web', '--revision', 'web-9', '--dry-run', ...records],
      /web has no revision web-9/,
    ],
    ['a freeze of nothing', ['freeze', ...why, ...records], /specify a service or --all/],
    ['a freeze of one and of all', ['freeze', 'web', '--all', ...why, ...records], /not both/],
    ['an abort of no run', ['abort', '0'.repeat(20), ...why, ...records], /no run 0{20} is recorded/],
    ['an unknown command', ['rolback'], /unknown command .*\n.*Did you mean rollback\?/],
  ])('ends with 2 and says why: %s', async (_what, args, why) => {
    const before = await stack.state();
    const { code, stdout, stderr } = await stack.cli(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(await stack.state()).toEqual(before);
  });

  test.each([['garbage.json'], ['empty.json'], ['other.json']])(
    'refuses records that are none: %s',
    async (file) => {
      const text = await stack.read(file);
      for (const command of [
        ['runs'],
        ['services'],
        ['guard', ...service, ...config],
        ['apply', 'deploy-loop.yaml'],
      ]) {
        const { code, stdout, stderr } = await stack.cli(...command, '--records', file);
        expect({ command, code, stdout }).toEqual({ command, code: 2, stdout: '' });
        expect(stderr).toBe(`deploy-loop: ${file} contains no records of deploy-loop\n`);
      }
      expect(await stack.read(file)).toBe(text);
    },
  );

  test.each([['localhost:8080'], ['https://run.googleapis.com'], ['127.0.0.1'], ['10.0.0.1:80']])(
    'refuses the endpoint %s, naming its variable',
    async (endpoint) => {
      const env = { DEPLOY_LOOP_CLOUD_ENDPOINT: endpoint };
      const { code, stderr } = await captureCli(['guard', ...service, ...place], { env });
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: 'deploy-loop: DEPLOY_LOOP_CLOUD_ENDPOINT: an address must be 127.0.0.1:PORT\n',
      });
    },
  );

  it('ends with 3 in one line, within its time, when nobody answers at the endpoint', async () => {
    const gone = await Stack.start();
    const { env, folder } = gone;
    await gone[Symbol.asyncDispose]();
    const startedMs = performance.now();
    const { code, stdout, stderr } = await captureCli(['guard', ...service, ...place], { env, cwd: folder });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^deploy-loop: GetService projects\/acme-staging\/.+: UNAVAILABLE: .+\n$/);
    expect(performance.now() - startedMs).toBeLessThan(11_000);
  });
});
