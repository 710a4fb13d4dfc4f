import { randomBytes } from 'node:crypto';
import { FirestoreStore } from '../../../shared/adapters/firestore/firestore-store.ts';
import { describeWithFirestore } from '../../emulators/needs.ts';
import { specifyStore } from './store-contract.ts';

/** The emulator scans all documents of a collection's name in a project: a new one for each test keeps it fast. */
const newProjectId = () => `test-${randomBytes(6).toString('hex')}`;

describeWithFirestore('FirestoreStore', () => {
  specifyStore(async () => {
    const store = new FirestoreStore({
      projectId: newProjectId(),
      emulatorHost: process.env.FIRESTORE_EMULATOR_HOST,
    });
    return { store, close: () => store.close() };
  });
});
