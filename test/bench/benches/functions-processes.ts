import { webContainer } from '../../../infra/local/containers/web-container.ts';
import { functionNames } from '../../../infra/local/pipeline/function-names.ts';
import { FunctionsStack } from '../../stack/functions/functions-stack.ts';
import type { Bench, Figure } from '../bench.ts';
import { haveHandled, messagesAbout } from '../function-messages.ts';
import { residentMiB } from '../resident-memory.ts';

const starts = 5;
const messages = 100;

/** What one process of each function takes: until it has handled its first message, and in memory after a hundred. */
export const functionsProcesses: Bench = {
  title: `Process start → first valid message handled; memory after ${messages} messages (one process each)`,
  async run({ firestore }) {
    if (firestore === undefined) return [];
    await using stack = await FunctionsStack.start({ firestoreHost: firestore.host });
    const deployed = await stack.build('web', webContainer({ HEALTH: '503' }));
    await stack.closed(deployed.runId);
    await stack.pipeline.idle();
    const about = messagesAbout(deployed);
    const started: Figure[] = [];
    const resident: Figure[] = [];
    for (const name of functionNames) {
      const values: number[] = [];
      for (let i = 0; i < starts; i++) {
        await stack.pipeline.kill(name, 'SIGKILL');
        const startedMs = performance.now();
        await haveHandled(stack, name, about[name]);
        values.push(performance.now() - startedMs);
        await stack.pipeline.idle();
      }
      for (let i = 1; i < messages; i++) await haveHandled(stack, name, about[name]);
      await stack.pipeline.idle();
      started.push({ what: `${name}: start → handled`, values, unit: 'ms' });
      resident.push({
        what: `${name}: memory`,
        values: [await residentMiB(`--target=${name}`)],
        unit: 'MiB',
      });
    }
    return [...started, ...resident];
  },
};
