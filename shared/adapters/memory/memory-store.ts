import type { Clock } from '../../ports/clock.ts';
import { DocumentStore } from '../store/document-store.ts';
import { MemoryDocuments } from './memory-documents.ts';
import { readSnapshot, writeSnapshot } from './memory-snapshot.ts';

/** A Store that lives as long as the process, with Firestore's rules. */
export class MemoryStore extends DocumentStore {
  readonly #documents: MemoryDocuments;

  constructor(clock: Pick<Clock, 'now'>, documents = new MemoryDocuments()) {
    super(documents, clock);
    this.#documents = documents;
  }

  /** @throws {PermanentError} `text` was not made by `toJson` */
  static fromJson(text: string, clock: Pick<Clock, 'now'>): MemoryStore {
    return new MemoryStore(clock, new MemoryDocuments(readSnapshot(text)));
  }

  /** All documents, for `fromJson`; the same documents always give the same text. */
  toJson(): string {
    return writeSnapshot(this.#documents.all());
  }
}
