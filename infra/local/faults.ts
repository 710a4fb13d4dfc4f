import type { status } from '@grpc/grpc-js';

/** One thing that goes wrong on the wire or in the API, before or after the method has done its work. */
export type FaultKind =
  /** Refused with this code; nothing takes effect. */
  | { readonly code: status; readonly message: string }
  /** The method takes effect, then the answer is lost: the caller sees UNAVAILABLE. */
  | { readonly loseAnswer: true }
  /** The request never arrives: the caller sees the same UNAVAILABLE, and nothing takes effect. */
  | { readonly dropRequest: true }
  /** Somebody else writes the service just before: an etag that was current is stale. */
  | { readonly staleEtag: true }
  /** A write is accepted, and neither takes effect nor ends. */
  | { readonly neverEnds: true };

export interface FaultScript {
  readonly fault?: FaultKind | undefined;
  /** Waited before the method does its work. */
  readonly latencyMs: number;
}

/** A fault, a latency, or both, for the next `times` calls (default 1). */
export type FaultRequest = (FaultKind | { readonly latencyMs: number }) & {
  readonly latencyMs?: number;
  readonly times?: number;
};

export const apiMethods = [
  'CreateService',
  'GetService',
  'ListServices',
  'UpdateService',
  'DeleteService',
  'GetRevision',
  'ListRevisions',
  'DeleteRevision',
  'CreateJob',
  'GetJob',
  'DeleteJob',
  'RunJob',
  'GetExecution',
  'CancelExecution',
  'GetOperation',
  'WaitOperation',
  'GetBuild',
  'ListLogEntries',
  'WriteLogEntries',
  'CreateTopic',
  'GetTopic',
  'Publish',
] as const;
export type ApiMethod = (typeof apiMethods)[number];

/** What goes wrong next, method by method, in the order in which it was asked for. */
export class FaultScripts {
  readonly #pending = new Map<ApiMethod, FaultScript[]>();

  add(method: ApiMethod, request: FaultRequest): void {
    const { times = 1, latencyMs = 0 } = request;
    const script: FaultScript = { latencyMs, fault: faultOf(request) };
    const queue = this.#pending.get(method) ?? [];
    for (let i = 0; i < times; i++) queue.push(script);
    this.#pending.set(method, queue);
  }

  take(method: ApiMethod): FaultScript | undefined {
    return this.#pending.get(method)?.shift();
  }
}

function faultOf(request: FaultRequest): FaultKind | undefined {
  if ('code' in request) return { code: request.code, message: request.message };
  if ('loseAnswer' in request) return { loseAnswer: true };
  if ('dropRequest' in request) return { dropRequest: true };
  if ('staleEtag' in request) return { staleEtag: true };
  if ('neverEnds' in request) return { neverEnds: true };
  return undefined;
}
