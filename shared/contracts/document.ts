import type { z } from 'zod';
import { assertDocumentId } from '../domain/ids.ts';

/** A named set of documents of one shape; sub-collections have a path of their own (`runs/{id}/health`). */
export interface Collection<D> {
  readonly path: string;
  readonly schema: z.ZodType<D>;
}

/** @param id within the allow-list of `assertDocumentId` */
export interface DocumentRef<D> {
  readonly collection: Collection<D>;
  readonly id: string;
}

export function documentIn<D>(collection: Collection<D>, id: string): DocumentRef<D> {
  return { collection, id: assertDocumentId(id) };
}

export function pathOf(ref: DocumentRef<unknown>): string {
  return `${ref.collection.path}/${ref.id}`;
}
