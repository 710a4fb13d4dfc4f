import { FirestoreStore } from '../../../shared/adapters/firestore/firestore-store.ts';
import { create } from '../../../shared/ports/store.ts';
import type { OutageReport } from './firestore-outage-report.ts';
import { note, notes } from './store-notes.ts';

/** Tries each operation of the store against a host where no database answers: `node firestore-outage.ts host:port`. */
const store = new FirestoreStore({ projectId: 'nobody', emulatorHost: process.argv[2], timeoutMs: 1_000 });
const started = performance.now();
const calls = await Promise.allSettled([
  store.get(note('a')),
  store.find({ collection: notes, where: [], limit: 1 }),
  store.commit([create(note('a'), { title: 'x' })]),
]);
await store.close();
const report: OutageReport = {
  errors: calls.map((call) =>
    call.status === 'rejected' && call.reason instanceof Error ? call.reason.name : 'none',
  ),
  ms: performance.now() - started,
};
process.stdout.write(JSON.stringify(report), () => process.exit());
