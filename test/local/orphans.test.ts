import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { webContainer } from '../../infra/local/containers/web-container.ts';
import { LocalCloud } from '../../infra/local/local-cloud.ts';
import { ask } from './ask.ts';

const crashingParent = fileURLToPath(new URL('./crashing-parent.ts', import.meta.url));

describe('the processes of a local cloud', () => {
  it('end with it, even if it is killed', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const parent = spawn(process.execPath, [crashingParent, String(port)], { stdio: 'ignore' });
    const [[container], [, signal]] = await Promise.all([once(listener, 'connection'), once(parent, 'exit')]);
    expect(signal).toBe('SIGKILL');
    await ended(container);
    listener.close();
  });

  it('end when it stops, even one that is still starting', async () => {
    const local = await LocalCloud.start({ profile: 'fast', overrides: { startTimeoutMs: 60_000 } });
    await local.deploy({ service: 'shop', container: webContainer() });
    const { reconciled } = local.startDeploy({
      service: 'shop',
      container: webContainer({ HEALTH: 'never-listen' }),
    });
    await local.stop();
    await local.stop();
    await expect(ask(local, 'shop')).rejects.toThrow('ECONNREFUSED');
    expect((await reconciled).failure).toBeDefined();
  });
});

/** Resolves when the other side is gone, by whatever way. */
async function ended(socket: Socket): Promise<void> {
  if (socket.destroyed) return;
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'close');
}
