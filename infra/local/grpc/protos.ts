import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { GrpcClient, protobuf } from 'google-gax';

const require = createRequire(import.meta.url);

/** The API description that a Google client library ships, and uses itself. */
export class Protos {
  readonly #root: protobuf.Root;
  readonly #packages: unknown;

  /** @param clientPackage an npm package such as `@google-cloud/run` */
  constructor(clientPackage: string) {
    const file = require.resolve(`${clientPackage}/build/protos/protos.json`);
    const json: protobuf.INamespace = JSON.parse(readFileSync(file, 'utf8'));
    this.#root = protobuf.Root.fromJSON(json);
    this.#packages = new GrpcClient().loadProtoJSON(json);
  }

  message(name: string): protobuf.Type {
    return this.#root.lookupType(name);
  }

  /** @throws {TypeError} the package has no such service */
  service(name: string): ServiceDefinition {
    let node = this.#packages;
    for (const part of name.split('.')) node = propertyOf(node, part);
    const definition = propertyOf(node, 'service');
    if (!isServiceDefinition(definition)) throw new TypeError(`no gRPC service ${name}`);
    return definition;
  }
}

function propertyOf(value: unknown, key: string): unknown {
  const isHolder = (typeof value === 'object' || typeof value === 'function') && value !== null;
  return isHolder ? Reflect.get(value, key) : undefined;
}

function isServiceDefinition(value: unknown): value is ServiceDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((method) => propertyOf(method, 'requestDeserialize') !== undefined)
  );
}
