import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

/** One port that serves several Google APIs. */
export class GrpcEndpoint {
  readonly #server = new Server();

  /** Methods without a handler answer UNIMPLEMENTED. */
  add(definition: ServiceDefinition, handlers: UntypedServiceImplementation): void {
    this.#server.addService(definition, handlers);
  }

  /** @param port 0: any. @returns the port it listens on, on the loopback interface only */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (error) reject(error);
        else resolve(bound);
      });
    });
  }

  /** Cuts every connection. */
  close(): void {
    this.#server.forceShutdown();
  }
}
