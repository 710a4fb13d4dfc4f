import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export const described =
  'x-deploy-loop-exit: 0\r\nx-deploy-loop-outcome: completed\r\nx-deploy-loop-body: present\r\n';

/** The head of a request, to the byte. @param headers each with its line break */
export function head(line: string, token: string | undefined, headers = ''): string {
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  return `${line} HTTP/1.1\r\nHost: x\r\n${authorization}${headers}\r\n`;
}

/** Connects, does as the script says, and resolves with the first line of the answer when the connection is closed. */
export async function talk(
  port: number,
  script: (socket: Socket) => unknown,
  host = '127.0.0.1',
): Promise<string> {
  const socket = connect(port, host);
  // A reset is one way to be refused.
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text = text.length < 1_000 ? text + chunk : text;
  });
  script(socket);
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
  return text.split('\r\n')[0] ?? '';
}

/** Sends as long as anybody takes it. */
export function flood(socket: Socket, chunk: Uint8Array): void {
  const send = () => {
    while (!socket.destroyed && socket.writable && socket.write(chunk));
  };
  socket.on('drain', send);
  send();
}
