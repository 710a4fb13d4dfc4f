import type { Documents, StoredDocument } from '../store/documents.ts';

/** Documents that live as long as the process. */
export class MemoryDocuments implements Documents {
  readonly #documents = new Map<string, StoredDocument>();
  /** The same documents by collection and id. */
  readonly #collections = new Map<string, Map<string, StoredDocument>>();
  #commits = 0;

  constructor(documents: Iterable<StoredDocument> = []) {
    for (const document of documents) {
      this.#put(document);
      this.#commits = Math.max(this.#commits, document.version);
    }
  }

  get(path: string): StoredDocument | undefined {
    return this.#documents.get(path);
  }

  membersOf(collection: string): readonly StoredDocument[] {
    return [...(this.#collections.get(collection)?.values() ?? [])];
  }

  change(plan: (version: number) => readonly StoredDocument[]): void {
    const version = this.#commits + 1;
    const changed = plan(version);
    this.#commits = version;
    for (const document of changed) this.#put(document);
  }

  all(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  #put(document: StoredDocument): void {
    this.#documents.set(document.path, document);
    const parent = document.path.slice(0, -document.id.length - 1);
    const siblings = this.#collections.get(parent) ?? new Map<string, StoredDocument>();
    this.#collections.set(parent, siblings.set(document.id, document));
  }
}
