import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';

const mask = Buffer.from([1, 2, 3, 4]);

function upgrade({ httpPort }: { readonly httpPort: number }, label: string): ClientRequest {
  const headers = {
    host: `${label}.localhost:${httpPort}`,
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': Buffer.alloc(16, 1).toString('base64'),
  };
  return request({ host: '127.0.0.1', port: httpPort, path: '/echo', headers }).end();
}

/** Sends one short text frame to the echo of the sample container. @returns the payload of the first frame back */
export async function echoOnce(
  local: { readonly httpPort: number },
  label: string,
  text: string,
): Promise<string> {
  const [, socket] = await once(upgrade(local, label), 'upgrade');
  const payload = Buffer.from(text).map((byte, i) => byte ^ (mask[i % mask.length] ?? 0));
  socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, payload]));
  const [frame] = await once(socket, 'data');
  socket.destroy();
  return frame.subarray(2).toString('utf8');
}

/** @returns the status with which the upgrade was refused */
export async function refusedUpgrade(local: { readonly httpPort: number }, label: string): Promise<number> {
  const [response] = await once(upgrade(local, label), 'response');
  response.resume();
  return response.statusCode;
}
