import { afterEach, beforeEach, describe } from '@jest/globals';
import type { Store } from '../../../shared/ports/store.ts';
import { specifyCommits } from './store-commits.ts';
import { specifyDocuments } from './store-documents.ts';
import { specifyQueries } from './store-queries.ts';
import { specifyRules } from './store-rules.ts';

/** A store of one test, empty at first. */
export interface OpenStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** What every Store promises; call it inside a `describe` of the implementation. */
export function specifyStore(open: () => Promise<OpenStore>): void {
  let opened: OpenStore | undefined;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened?.close());
  const store = () => {
    if (!opened) throw new Error('the store is open only while a test runs');
    return opened.store;
  };
  describe('documents', () => specifyDocuments(store));
  describe('commits', () => specifyCommits(store));
  describe('queries', () => specifyQueries(store));
  describe('rules', () => specifyRules(store));
}
