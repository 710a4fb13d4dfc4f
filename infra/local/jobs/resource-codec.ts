import type { Protos } from '../grpc/protos.ts';
import type { AnyCodec } from '../run/operations.ts';

/** Packs messages of one type of an API. */
export class ResourceCodec implements AnyCodec {
  readonly #protos: Protos;
  readonly #type: string;

  /** @param type such as `google.cloud.run.v2.Job` */
  constructor(protos: Protos, type: string) {
    this.#protos = protos;
    this.#type = type;
  }

  toAny(resource: object): { type_url: string; value: Uint8Array } {
    const type = this.#protos.message(this.#type);
    return {
      type_url: `type.googleapis.com/${this.#type}`,
      value: type.encode(type.fromObject(resource)).finish(),
    };
  }
}
