import { describe, expect, it } from '@jest/globals';
import { Collector, token } from './collector.ts';
import { RunningAgent, Toolbox } from './run-agent.ts';

const get = 'GET /collect/shard';
const post = 'POST /collect/results';

describe('the agent of a job, when it is refused or lacks something', () => {
  it('runs nothing when its token is refused', async () => {
    await using collector = await new Collector({ command: 'echo ran' }).listen();
    const other = `${token.slice(0, -1)}0`;
    using agent = new RunningAgent({ url: collector.url, env: { DEPLOY_LOOP_JOB_TOKEN: other } });
    expect(await agent.end()).toBe(77);
    expect(collector.lines).toEqual([get]);
    expect(agent.output).toBe('');
    expect(agent.errors).toMatch(/token was refused \(403\)/);
    expect(agent.errors).not.toContain(other);
  });

  it.each([
    [[410], 0, /nothing left to do/],
    [[409], 75, /given out before .*needs a new start/],
    // As if the answer to its first try had been lost.
    [[504, 409], 75, /given out before .*needs a new start/],
  ])('runs nothing when it gets no shard (%j), and ends with %i', async (statuses, code, why) => {
    await using collector = await new Collector({ command: 'echo ran' }).listen();
    collector.statuses[get] = [...statuses];
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(code);
    expect(agent.output).toBe('');
    expect(agent.errors).toMatch(why);
    expect(collector.lines).toEqual(statuses.map(() => get));
  });

  it.each([
    [401, 77],
    [400, 69],
    [302, 69],
  ])('says that a report was not taken (%i)', async (status, code) => {
    await using collector = await new Collector().listen();
    collector.statuses[post] = [status];
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(code);
    expect(collector.lines).toEqual([get, post]);
  });

  it.each([
    ['is cut short', (shard: string) => shard.slice(0, -3)],
    ['is something else', () => '<html>Sign in</html>\n'],
    ['is of a version to come', (shard: string) => shard.replace('shard 1', 'shard 2')],
    ['asks for something unknown', (shard: string) => shard.replace('mode run', 'mode dance')],
    ['has a token that would break a header', (shard: string) => shard.replace(/^token .*/m, 'token a"b')],
    ['has no limits', (shard: string) => shard.replace(/^timeout .*\n/m, '')],
    ['is empty', () => ''],
  ])('runs nothing when the shard %s', async (_, spoil) => {
    await using collector = await new Collector({ command: 'echo ran' }).listen();
    collector.shard = spoil(collector.shard);
    using agent = new RunningAgent({ url: collector.url });
    expect(await agent.end()).toBe(76);
    expect(collector.lines).toEqual([get]);
    expect(agent.output).toBe('');
  });

  it.each([
    ['no token', { DEPLOY_LOOP_JOB_TOKEN: '' }, 'DEPLOY_LOOP_JOB_TOKEN'],
    ['a token that would break a header', { DEPLOY_LOOP_JOB_TOKEN: 'a"\nb' }, 'DEPLOY_LOOP_JOB_TOKEN'],
    ['no URL', { DEPLOY_LOOP_COLLECT_URL: '' }, 'DEPLOY_LOOP_COLLECT_URL'],
    ['a URL of another kind', { DEPLOY_LOOP_COLLECT_URL: 'file:///etc/passwd' }, 'DEPLOY_LOOP_COLLECT_URL'],
    ['a URL with a quote', { DEPLOY_LOOP_COLLECT_URL: 'http://x"y' }, 'DEPLOY_LOOP_COLLECT_URL'],
  ])('does not start with %s', async (_, env, named) => {
    using agent = new RunningAgent({ url: 'http://127.0.0.1:1', env });
    expect(await agent.end()).toBe(64);
    expect(agent.errors).toContain(named);
  });

  it('names what an image lacks that has no client', async () => {
    using tools = new Toolbox([]);
    using agent = new RunningAgent({ url: 'http://127.0.0.1:1', path: tools.path });
    expect(await agent.end()).toBe(64);
    expect(agent.errors).toMatch(/needs one of curl, wget, python3 or node/);
  });
});
