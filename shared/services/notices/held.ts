import type { DocumentRef } from '../../contracts/document.ts';
import { TransientError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { retryOnConflict } from '../../ports/retry-on-conflict.ts';
import { type Stored, update } from '../../ports/store.ts';
import { tryCommit } from '../../ports/try-commit.ts';

/** A document that says which worker is at it, and until when. */
export interface Holdable {
  readonly holder?: string | undefined;
  readonly heldUntil?: Date | undefined;
}

type Fields<D> = Partial<{ [K in keyof D]: D[K] | undefined }>;

const maxTries = 5;

/** A document that one worker holds for a while: its writes are refused once another holds it. */
export class Held<D extends Holdable> {
  readonly #ref: DocumentRef<D>;
  readonly #holder: string;
  readonly #until: Date;
  readonly #ports: Pick<Ports, 'store' | 'clock'>;
  #data: D;

  private constructor(
    ref: DocumentRef<D>,
    { holder, until, data }: { readonly holder: string; readonly until: Date; readonly data: D },
    ports: Pick<Ports, 'store' | 'clock'>,
  ) {
    this.#ref = ref;
    this.#holder = holder;
    this.#until = until;
    this.#data = data;
    this.#ports = ports;
  }

  /**
   * Takes a document that nobody holds.
   * @param also further changes, in the same write
   * @returns undefined: another worker was faster
   */
  static async take<D extends Holdable>(
    ref: DocumentRef<D>,
    read: Stored<D>,
    forMs: number,
    also: Fields<D>,
    { store, clock, random }: Pick<Ports, 'store' | 'clock' | 'random'>,
  ): Promise<Held<D> | undefined> {
    const holder = random.nonce();
    const until = new Date(clock.now().getTime() + forMs);
    const fields: Fields<D> = { ...also, holder, heldUntil: until };
    if (!(await tryCommit(store, [update(ref, read, fields)]))) return undefined;
    return new Held(ref, { holder, until, data: { ...read.data, ...fields } }, { store, clock });
  }

  /** As it was last read or written here. */
  get data(): D {
    return this.#data;
  }

  /**
   * Writes some fields. @param change given the document as it is
   * @throws {TransientError} another worker holds it now
   */
  async write(change: (data: D) => Fields<D>): Promise<void> {
    const { store } = this.#ports;
    await retryOnConflict(maxTries, async () => {
      const stored = await store.get(this.#ref);
      if (stored?.data.holder !== this.#holder) throw new TransientError('another worker has taken over');
      const fields = change(stored.data);
      await store.commit([update(this.#ref, stored, fields)]);
      this.#data = { ...stored.data, ...fields };
    });
  }

  /**
   * To be asked before something is made that must not be made twice.
   * @param forMs how long making it may take
   * @throws {TransientError} too little time is left: another worker may look for it soon
   */
  assertTime(forMs: number): void {
    if (this.#until.getTime() - this.#ports.clock.now().getTime() < forMs)
      throw new TransientError('no time is left to make it: it is tried again');
  }
}

/** True: a worker is at it. */
export function isHeld({ heldUntil }: Holdable, now: Date): boolean {
  return heldUntil !== undefined && heldUntil > now;
}
