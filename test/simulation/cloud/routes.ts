import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { ServingTarget } from '../../../shared/domain/service-state.ts';
import type { Dice } from '../kernel/dice.ts';

interface Route {
  readonly owners: readonly ServingTarget[];
  /** Who answers too until `mixedUntilMs`. */
  readonly former: readonly ServingTarget[];
  readonly mixedUntilMs: number;
  /** A fresh tag's URL is not there before. */
  readonly fromMs: number;
}

/** Old revisions may answer this long after a change; the config's `spread` is a little more. */
const maxMixedMs = 8_000;
const maxTagLagMs = 5_000;

/** Which revision answers a URL: traffic and tags follow the service's status with a lag, mixed meanwhile. */
export class Routes {
  readonly #dice: Dice;
  readonly #routes = new Map<string, Route>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** The service's status has changed to this. */
  change(serving: readonly ServingTarget[], nowMs: number): void {
    this.#set(
      '',
      serving.filter((target) => target.percent > 0),
      nowMs,
    );
    for (const target of serving) if (target.tag !== undefined) this.#set(target.tag, [target], nowMs);
    const tags = new Set(serving.map((target) => target.tag));
    for (const tag of this.#routes.keys()) if (tag !== '' && !tags.has(tag)) this.#routes.delete(tag);
  }

  /** @param tag '' for the service's own URL @returns undefined: the platform answers 404 itself */
  resolve(tag: string, nowMs: number): RevisionName | undefined {
    const route = this.#routes.get(tag);
    if (!route || nowMs < route.fromMs) return undefined;
    const mixed = nowMs < route.mixedUntilMs && route.former.length > 0 && this.#dice.chance(0.5);
    return this.#draw(mixed ? route.former : route.owners);
  }

  #set(tag: string, owners: readonly ServingTarget[], nowMs: number): void {
    const known = this.#routes.get(tag);
    if (known && sameOwners(known.owners, owners)) return;
    this.#routes.set(tag, {
      owners,
      former: known ? [...known.owners, ...(nowMs < known.mixedUntilMs ? known.former : [])] : [],
      mixedUntilMs: nowMs + this.#dice.below(maxMixedMs),
      fromMs: tag === '' || known ? nowMs : nowMs + this.#dice.below(maxTagLagMs),
    });
  }

  #draw(owners: readonly ServingTarget[]): RevisionName | undefined {
    if (owners.length < 2) return owners[0]?.revision;
    const shares = owners.flatMap((owner) => Array.from({ length: Math.max(1, owner.percent) }, () => owner));
    return shares[this.#dice.below(shares.length)]?.revision;
  }
}

function sameOwners(a: readonly ServingTarget[], b: readonly ServingTarget[]): boolean {
  return (
    a.length === b.length &&
    a.every((target, i) => target.revision === b[i]?.revision && target.percent === b[i]?.percent)
  );
}
