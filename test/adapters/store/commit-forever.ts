import { SystemClock } from '../../../shared/adapters/system-clock.ts';
import { create } from '../../../shared/ports/store.ts';
import { openFileStore } from '../../../shared/runtime/container.ts';
import { note } from './store-notes.ts';

// Commits two documents at a time to the file that the arguments name, and says each time that they are confirmed.
const [, , path = '', name = ''] = process.argv;
const { store } = await openFileStore(
  { file: path, path },
  { mustExist: false, readOnly: false },
  new SystemClock(),
);
for (let n = 0; ; n++) {
  const title = 'x'.repeat(20_000);
  await store.commit([create(note(`${name}-${n}-a`), { title }), create(note(`${name}-${n}-b`), { title })]);
  process.stdout.write(`${n}\n`);
}
