import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** `node static-runner.ts FOLDER NAME=MS…`: one worker of a fixed plan; sleeps one test after the other. */
const [folder = '', ...tests] = process.argv.slice(2);
for (const test of tests) {
  const [name = '', ms] = test.split('=');
  const startedMs = Date.now();
  await setTimeout(Number(ms));
  await writeFile(join(folder, name), `${startedMs} ${Date.now()}`);
}
