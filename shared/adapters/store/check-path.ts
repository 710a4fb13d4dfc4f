import type { DocumentRef } from '../../contracts/document.ts';
import { pathOf } from '../../contracts/document.ts';
import { PermanentError } from '../../domain/errors.ts';
import { isDocumentId } from '../../domain/ids.ts';

const collectionName = /^[a-z][a-zA-Z]*$/;

/**
 * @returns `collection/id`, or `collection/id/collection/…` for a sub-collection
 * @throws {PermanentError} an id in it is outside the allow-list, however the reference was made
 */
export function checkDocumentPath(ref: DocumentRef<unknown>): string {
  checkCollectionPath(ref.collection.path);
  if (!isDocumentId(ref.id)) throw new PermanentError(`not a document id: ${quote(ref.id)}`);
  return pathOf(ref);
}

/** @throws {PermanentError} it is no collection, or an id in it is outside the allow-list */
export function checkCollectionPath(path: string): void {
  const segments = path.split('/');
  const legal = segments.every((segment, i) =>
    i % 2 === 0 ? collectionName.test(segment) : isDocumentId(segment),
  );
  if (!legal || segments.length % 2 === 0) throw new PermanentError(`not a collection: ${quote(path)}`);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 64));
}
