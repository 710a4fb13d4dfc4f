import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConversationSchema } from '../../../shared/contracts/suites/websocket-suite.ts';
import type { Conversation, ConversationEnd } from '../../../shared/domain/websocket/conversation.ts';
import { aConfig, aServiceConfig } from '../../builders.ts';
import { World } from '../../world/world.ts';

const talked = (end: ConversationEnd): Conversation => ({
  kind: 'talked',
  latencyMs: 3,
  came: 0,
  expected: 1,
  end,
});
const well = talked({ kind: 'done' });
const broken = talked({ kind: 'closed', code: 1011, reason: '' });

describe('a health probe with a conversation over a WebSocket', () => {
  let world: World;
  /** Which revisions do not talk. */
  const mute = new Set<string>();

  beforeEach(async () => {
    mute.clear();
    const websocket = ConversationSchema.parse({ path: '/chat', messages: [{ expect: {} }] });
    const health = { ...aServiceConfig().health, websocket };
    world = await World.create({ config: aConfig(aServiceConfig({ health })) });
    world.converse = ({ url }) => {
      expect(url).toMatch(/\/chat$/);
      // The stable revision answers by its standing tag once another one serves.
      const revision = url.includes('deploy-loop-stable') ? 'web-1' : 'web-2';
      return mute.has(revision) ? broken : well;
    };
    await world.deployGood('web-1');
  });
  const deploy = () => world.finishBuild(world.deployByBuild('web-2'));

  it('is good when both are', async () => {
    await deploy();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'pass' });
  });

  it('has a revision rolled back that answers over HTTP and does not talk', async () => {
    mute.add('web-2');
    await deploy();
    expect(await world.decision('web-2', 'health')).toMatchObject({
      verdict: 'fail',
      action: 'rollback',
      reasons: [
        {
          code: 'server-error',
          text: expect.stringContaining('/chat: closed before message 1 of 1 arrived, with 1011'),
        },
        { code: 'stable-good' },
      ],
    });
    expect(await world.serving()).toEqual({ 'web-1': 100 });
  });

  it('does not blame the deploy for what the stable revision does not do either', async () => {
    mute.add('web-1').add('web-2');
    await deploy();
    expect(await world.run('web-2')).toMatchObject({ verdict: 'inconclusive', action: 'none' });
    expect(await world.serving()).toEqual({ 'web-2': 100 });
  });
});
