import { type Location, locationName } from '../resource-names.ts';
import type { RpcError } from '../rpc-error.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** Packs a resource as google.protobuf.Any. */
export interface AnyCodec {
  toAny(resource: object): { type_url: string; value: Uint8Array };
}

/** A long-running operation on one service, job or execution. */
export class Operation {
  readonly name: string;
  /** Resolves when it is done: undefined, or why it failed. Never rejects. */
  readonly reconciled: Promise<RpcError | undefined>;
  readonly #render: () => object;
  /** Undefined: it is about a service. */
  readonly #codec: AnyCodec | undefined;
  readonly #resolve: (outcome: RpcError | undefined) => void;
  #done = false;
  #error: RpcError | undefined;

  constructor(name: string, render: () => object, codec?: AnyCodec) {
    this.name = name;
    this.#render = render;
    this.#codec = codec;
    const { promise, resolve } = Promise.withResolvers<RpcError | undefined>();
    this.reconciled = promise;
    this.#resolve = resolve;
  }

  finish(error?: RpcError): void {
    if (this.#done) return;
    this.#done = true;
    this.#error = error;
    this.#resolve(error);
  }

  /** As google.longrunning.Operation. @param services packs services */
  toProto(services: AnyCodec): object {
    const resource = (this.#codec ?? services).toAny(this.#render());
    const base = { name: this.name, done: this.#done, metadata: resource };
    if (!this.#done) return base;
    if (this.#error === undefined) return { ...base, response: resource };
    return { ...base, error: { code: this.#error.code, message: this.#error.message } };
  }
}

/** Every operation that was started, by name. */
export class Operations {
  readonly #operations = new Map<string, Operation>();
  readonly #random: SeededRandom;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** @param codec packs what `render` gives; absent: a service */
  begin(location: Location, render: () => object, codec?: AnyCodec): Operation {
    const name = `${locationName(location)}/operations/${this.#random.uuid()}`;
    const operation = new Operation(name, render, codec);
    this.#operations.set(name, operation);
    return operation;
  }

  find(name: string): Operation | undefined {
    return this.#operations.get(name);
  }
}
