import { Server } from 'node:net';

/**
 * Makes the functions-framework listen on 127.0.0.1 alone, in this process. It names only a port, for which Node.js takes
 * all interfaces, and it has no option for the address. Call it before the framework creates its server.
 */
export function listenOnLoopback(): void {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, ...args: unknown[]): Server {
    const [port, next, ...rest] = args;
    const isPortAlone = /^\d+$/.test(String(port)) && typeof next !== 'string';
    return Reflect.apply(listen, this, isPortAlone ? [port, '127.0.0.1', next, ...rest] : args);
  };
}
