import { z } from 'zod';
import { type Collection, type DocumentRef, documentIn } from '../../../shared/contracts/document.ts';
import { create, type Store, type Stored } from '../../../shared/ports/store.ts';

const NoteSchema = z.strictObject({
  title: z.string(),
  count: z.number().optional(),
  done: z.boolean().optional(),
  at: z.date().optional(),
  /** Whatever Firestore stores. */
  extra: z.json().optional(),
  map: z.record(z.string(), z.number()).optional(),
  nested: z.strictObject({ at: z.date(), list: z.array(z.strictObject({ at: z.date() })) }).optional(),
});
export type Note = z.infer<typeof NoteSchema>;
export const notes: Collection<Note> = { path: 'notes', schema: NoteSchema };

/** The same documents, for those who want to store what a note must not be. */
export const anything: Collection<Record<string, unknown>> = {
  path: notes.path,
  schema: z.looseObject({}),
};

export function note(id: string): DocumentRef<Note> {
  return documentIn(notes, id);
}

/** @throws {Error} there is no such document */
export async function read<D>(store: Store, ref: DocumentRef<D>): Promise<Stored<D>> {
  const stored = await store.get(ref);
  if (!stored) throw new Error(`no document ${ref.collection.path}/${ref.id}`);
  return stored;
}

/** Stores the note and reads it again. */
export async function stored(store: Store, id: string, data: Note): Promise<Stored<Note>> {
  await store.commit([create(note(id), data)]);
  return read(store, note(id));
}
