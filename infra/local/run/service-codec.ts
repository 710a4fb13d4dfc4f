import { protobuf } from 'google-gax';
import { z } from 'zod';
import type { Protos } from '../grpc/protos.ts';
import { shortName } from '../resource-names.ts';
import { invalidArgument } from '../rpc-error.ts';
import { ServiceSpec, type TrafficTargetSpec } from './service-spec.ts';

const serviceType = 'google.cloud.run.v2.Service';

/** Between google.cloud.run.v2.Service on the wire and what the local cloud keeps of it. */
export class ServiceCodec {
  readonly #protos: Protos;

  constructor(protos: Protos) {
    this.#protos = protos;
  }

  /**
   * One form for equal specs, however they were written: defaults left out, enums as names, traffic complete.
   * @throws {RpcError} INVALID_ARGUMENT: not a Service
   */
  parse(service: object): ServiceSpec {
    const type = this.#protos.message(serviceType);
    const plain = type.toObject(type.fromObject(service), { enums: String, longs: String });
    dropDefaults(type, plain);
    const parsed = ServiceSpec.safeParse(plain);
    if (!parsed.success) throw invalidArgument(`service: ${z.prettifyError(parsed.error)}`);
    return { ...parsed.data, traffic: normalTraffic(parsed.data.traffic) };
  }

  /** As google.protobuf.Any, which is how a long-running operation carries its result. */
  toAny(service: object): { type_url: string; value: Uint8Array } {
    const type = this.#protos.message(serviceType);
    return {
      type_url: `type.googleapis.com/${serviceType}`,
      value: type.encode(type.fromObject(service)).finish(),
    };
  }
}

export const latestType = 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
export const revisionType = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';

function normalTraffic(traffic: readonly TrafficTargetSpec[]): TrafficTargetSpec[] {
  if (traffic.length === 0) return [{ type: latestType, percent: 100 }];
  return traffic.map((target) => {
    if (!target.revision) return { ...target, type: latestType };
    if (target.type === latestType) throw invalidArgument('traffic: LATEST must not name a revision');
    return { ...target, type: revisionType, revision: shortName(target.revision) };
  });
}

/**
 * Removes, in place, what proto3 cannot tell from absent, so that one message has one plain form. Entries of maps
 * stay: an empty label is a label.
 */
function dropDefaults(type: protobuf.Type, plain: Record<string, unknown>): void {
  for (const field of type.fieldsArray) {
    const { name, map, repeated, resolvedType } = field.resolve();
    const value = plain[name];
    if (isDefault(value) || isZeroEnum(resolvedType, value)) delete plain[name];
    else if (!map && resolvedType instanceof protobuf.Type) {
      for (const child of repeated && Array.isArray(value) ? value : [value])
        dropDefaults(resolvedType, child);
    }
  }
}

function isDefault(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === 0 || value === '0') return true;
  if (value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function isZeroEnum(type: protobuf.ReflectionObject | null, value: unknown): boolean {
  return type instanceof protobuf.Enum && value === type.valuesById[0];
}
