import { LocalCloud } from '../../infra/local/local-cloud.ts';

/** Deploys a container that stays connected to the port it is given, then dies without a chance to clean up. */
const [, , port = ''] = process.argv;
const staysConnected = `
  const { connect } = require('node:net');
  const { createServer } = require('node:http');
  connect(${Number(port)}, '127.0.0.1').on('connect', () => createServer().listen(process.env.PORT));`;

const local = await LocalCloud.start({ profile: 'fast' });
await local.deploy({
  service: 'shop',
  container: { command: process.execPath, args: ['-e', staysConnected] },
});
process.kill(process.pid, 'SIGKILL');
