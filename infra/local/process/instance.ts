import { ContainerProcess, type ContainerProcessOptions } from './container-process.ts';

export interface InstanceOptions extends ContainerProcessOptions {
  readonly port: number;
}

/** One running container of a service: a process group with one port. */
export class Instance extends ContainerProcess {
  readonly port: number;

  constructor({ port, platformEnv, ...options }: InstanceOptions) {
    super({ ...options, platformEnv: { ...platformEnv, PORT: String(port) } });
    this.port = port;
  }
}
