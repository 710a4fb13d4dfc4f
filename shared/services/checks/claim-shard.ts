import { documentIn } from '../../contracts/document.ts';
import { type ClaimRecord, claimsOf, shardsOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update, type Write } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { loadClaims } from './load-shards.ts';
import type { RunSession } from './run-session.ts';

type ClaimPorts = Pick<Ports, 'store' | 'clock' | 'random' | 'log'>;

/** A shard that is a worker's own until its lease ends. */
export interface Claim {
  readonly i: number;
  /** How often the shard was claimed, this time included. */
  readonly attempt: number;
  readonly leaseUntil: Date;
}

/** Finds one worker's next shard: the first that nobody has, then one whose worker has not come back. */
export class Claims {
  readonly #runId: RunId;
  readonly #slot: number;
  readonly #shards: number;
  readonly #floor: RunSession;
  readonly #ports: ClaimPorts;

  constructor(runId: RunId, slot: number, shards: number, floor: RunSession, ports: ClaimPorts) {
    this.#runId = runId;
    this.#slot = slot;
    this.#shards = shards;
    this.#floor = floor;
    this.#ports = ports;
  }

  /** @param leaseMs how long a shard may be held @returns undefined: there is nothing to do, for now */
  async next(leaseMs: (i: number) => number): Promise<Claim | undefined> {
    return (await this.nextFree(this.#shards, leaseMs)) ?? (await this.#nextExpired(leaseMs));
  }

  /** The first that nobody has. @param end before which shard; a later one is left @returns undefined: all are taken */
  async nextFree(end: number, leaseMs: (i: number) => number): Promise<Claim | undefined> {
    while (!this.#floor.isExhausted(end)) {
      const i = this.#floor.takeNext();
      const claim = await this.#write(i, 1, leaseMs(i), (record) =>
        create(documentIn(claimsOf(this.#runId), String(i)), record),
      );
      if (claim) return claim;
      // Other processes work on the run too. Shards are taken in order: as many as are taken, so far have they come.
      this.#floor.skipTo(await this.#floor.countClaims());
    }
    return undefined;
  }

  async #nextExpired(leaseMs: (i: number) => number): Promise<Claim | undefined> {
    const { store } = this.#ports;
    const collection = claimsOf(this.#runId);
    if ((await this.#floor.countClaims()) < this.#shards) return this.#fillGap(leaseMs);
    for (const stored of await this.#floor.findLost()) {
      const { i, attempt } = stored.data;
      if (await store.get(documentIn(shardsOf(this.#runId), String(i)))) continue;
      const claim = await this.#write(i, attempt + 1, leaseMs(i), (record) =>
        update(documentIn(collection, stored.id), stored, record),
      );
      if (claim) return claim;
    }
    return undefined;
  }

  /** Two workers that looked at the same moment may both have gone past one. */
  async #fillGap(leaseMs: (i: number) => number): Promise<Claim | undefined> {
    const collection = claimsOf(this.#runId);
    const taken = new Set((await loadClaims(this.#runId, this.#ports)).map(({ data }) => data.i));
    for (let i = 0; i < this.#shards; i++) {
      if (taken.has(i)) continue;
      const claim = await this.#write(i, 1, leaseMs(i), (record) =>
        create(documentIn(collection, String(i)), record),
      );
      if (claim) return claim;
    }
    return undefined;
  }

  /** @returns undefined: somebody else was faster */
  async #write(
    i: number,
    attempt: number,
    leaseMs: number,
    writeOf: (record: ClaimRecord) => Write,
  ): Promise<Claim | undefined> {
    const { store, clock, random } = this.#ports;
    const leaseUntil = new Date(clock.now().getTime() + leaseMs);
    const record = { i, slot: this.#slot, nonce: random.nonce(), attempt, leaseUntil };
    const claim = { i, attempt, leaseUntil };
    if (await tryCommit(store, [writeOf(record)])) return claim;
    // A repeated attempt of the client finds its own first success.
    const found = await store.get(documentIn(claimsOf(this.#runId), String(i)));
    return found?.data.nonce === record.nonce ? claim : undefined;
  }
}
