import type { RevisionName } from '../../domain/ids.ts';
import { type ServiceState, servingSplit } from '../../domain/service-state.ts';
import type { Clock } from '../../ports/clock.ts';

/** How long this process has observed that a URL leads to one revision, by a monotonic clock. */
export class RouteMemory {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #owners = new Map<string, { readonly revision: RevisionName; readonly sinceMs: number }>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Updates the observation with the current service; a changed route starts anew. */
  note(service: ServiceState): void {
    const nowMs = this.#clock.monotonicMs();
    const owners = new Map<string, { readonly revision: RevisionName; readonly sinceMs: number }>();
    for (const [url, revision] of ownersOf(service)) {
      const known = this.#owners.get(url);
      owners.set(url, known?.revision === revision ? known : { revision, sinceMs: nowMs });
    }
    this.#owners = owners;
  }

  /** @returns milliseconds; 0 for a URL that was not observed, or has just changed */
  seenForMs(url: string): number {
    const owner = this.#owners.get(url);
    return owner ? this.#clock.monotonicMs() - owner.sinceMs : 0;
  }
}

function ownersOf(service: ServiceState): [url: string, RevisionName][] {
  const tags = service.serving.flatMap(({ uri, revision }): [string, RevisionName][] =>
    uri === undefined ? [] : [[uri, revision]],
  );
  const alone = Object.entries(servingSplit(service)).find(([, percent]) => percent === 100);
  const owner = service.serving.find((target) => target.revision === alone?.[0])?.revision;
  return owner === undefined ? tags : [[service.uri, owner], ...tags];
}
