import { documentIn } from '../../contracts/document.ts';
import { type ClaimRecord, claimsOf, shardsOf } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Ports } from '../../ports/ports.ts';
import { create, update, type Write } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';
import { loadClaims } from './load-claims.ts';
import type { RunSession } from './run-session.ts';

type ClaimPorts = Pick<Ports, 'store' | 'clock' | 'random' | 'log'>;

/** A shard that belongs to one worker until its lease ends. */
export interface Claim {
  readonly i: number;
  /** How often the shard was claimed, this time included. */
  readonly attempt: number;
  readonly leaseUntil: Date;
}

/** Finds one worker's next shard: the first unclaimed one, otherwise one whose worker has disappeared. */
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

  /** @param leaseMs the length of the lease @returns undefined: there is nothing to do at present */
  async next(leaseMs: (i: number) => number): Promise<Claim | undefined> {
    return (await this.nextFree(this.#shards, leaseMs)) ?? (await this.#nextExpired(leaseMs));
  }

  /** The first unclaimed shard. @param end the search ends before this shard @returns undefined: all are claimed */
  async nextFree(end: number, leaseMs: (i: number) => number): Promise<Claim | undefined> {
    while (!this.#floor.isExhausted(end)) {
      const i = this.#floor.takeNext();
      const claim = await this.#write(i, 1, leaseMs(i), (record) =>
        create(documentIn(claimsOf(this.#runId), String(i)), record),
      );
      if (claim) return claim;
      // Other processes work on the run too. Shards are claimed in order, so the number of claims shows how far they
      // have come.
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

  /** Two workers with the same view may both have skipped a shard. */
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

  /** @returns undefined: another worker was faster */
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
