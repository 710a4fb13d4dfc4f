import { setTimeout as delay } from 'node:timers/promises';
import { createProgress } from '../../../shared/cli/format/progress.ts';

/** One run as the narrator tells it, for a process whose output is a terminal or is not. */
const progress = createProgress(
  { stdout: process.stdout, isTty: process.stdout.isTTY === true, env: process.env },
  false,
);
/** Longer than a frame of the spinner. */
const frameMs = 100;

progress.begin('health  web-2, compared with web-1');
progress.note('#1  HTTP 503, expected 200 | stable: good in 21 ms');
await delay(frameMs);
process.stderr.write('a line of the log\n');
progress.end('good', 'health  pass: answers as expected');
progress.begin('tests   the checks of 2 suites run on web-2');
progress.note('2 checks in 1 shard, 1 at a time');
progress.pass('0 of 1 shard');
progress.note('shop: cart fails here and passes on the stable revision: HTTP 500');
progress.note(`a line that is wider than a narrow window: ${'web-1 100 % → web-2 100 % '.repeat(4)}`);
await delay(frameMs);
progress.pass('1 of 1 shard');
progress.end('bad', 'tests  fail: 1 of 2 checks of P1 fails here');
progress.begin('rollback  traffic goes back to the last verified-good revision');
progress.note('web-2 100 % → web-1 100 %');
progress.end('unsure', 'rollback  done');
progress.begin('watch   web-1');
progress.stop();
process.stdout.write('verdict fail\n');
