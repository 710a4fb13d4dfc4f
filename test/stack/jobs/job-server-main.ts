import { createJobServer } from '../../../shared/runtime/jobs/create-job-server.ts';
import { JobDesk } from '../../services/jobs/job-desk.ts';

// The server of collect-results over a memory store, as a process of its own: its memory can be measured.
const desk = new JobDesk();
const token = await desk.begin();
const server = createJobServer((request) => desk.answer(request));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined, token });
});
process.on('disconnect', () => process.exit());
