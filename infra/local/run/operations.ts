import { type Location, locationName } from '../resource-names.ts';
import type { RpcError } from '../rpc-error.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { ServiceCodec } from './service-codec.ts';

/** A long-running operation on one service. */
export class Operation {
  readonly name: string;
  /** Resolves when it is done: undefined, or why it failed. Never rejects. */
  readonly settled: Promise<RpcError | undefined>;
  readonly #render: () => object;
  readonly #settle: (outcome: RpcError | undefined) => void;
  #done = false;
  #error: RpcError | undefined;

  constructor(name: string, render: () => object) {
    this.name = name;
    this.#render = render;
    const { promise, resolve } = Promise.withResolvers<RpcError | undefined>();
    this.settled = promise;
    this.#settle = resolve;
  }

  finish(error?: RpcError): void {
    if (this.#done) return;
    this.#done = true;
    this.#error = error;
    this.#settle(error);
  }

  /** As google.longrunning.Operation. */
  toProto(codec: ServiceCodec): object {
    const service = codec.toAny(this.#render());
    const base = { name: this.name, done: this.#done, metadata: service };
    if (!this.#done) return base;
    if (this.#error === undefined) return { ...base, response: service };
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

  begin(location: Location, render: () => object): Operation {
    const name = `${locationName(location)}/operations/${this.#random.uuid()}`;
    const operation = new Operation(name, render);
    this.#operations.set(name, operation);
    return operation;
  }

  find(name: string): Operation | undefined {
    return this.#operations.get(name);
  }
}
