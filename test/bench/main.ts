import { firestoreEmulator } from '../../infra/local/emulators/emulators.ts';
import { startEmulator } from '../../infra/local/emulators/start-emulator.ts';
import { checksOperations } from './benches/checks-operations.ts';
import { checksTimes } from './benches/checks-times.ts';
import { commandLine } from './benches/command-line.ts';
import { diagnosing } from './benches/diagnosing.ts';
import { functionsOperations } from './benches/functions-operations.ts';
import { functionsProcesses } from './benches/functions-processes.ts';
import { functionsRealistic } from './benches/functions-realistic.ts';
import { functionsRollback } from './benches/functions-rollback.ts';
import { gateTimes } from './benches/gate-times.ts';
import { judging } from './benches/judging.ts';
import { onboarding } from './benches/onboarding.ts';
import { planRatios } from './benches/plan-ratios.ts';
import { realisticRollback } from './benches/realistic-rollback.ts';
import { resultsMemory } from './benches/results-memory.ts';
import { rollbackTimes } from './benches/rollback-times.ts';
import { splitters } from './benches/splitters.ts';
import { storeOperations } from './benches/store-operations.ts';
import { watchOperations } from './benches/watch-operations.ts';
import { describeMachine } from './describe-machine.ts';
import { formatFigures } from './format-figures.ts';

/**
 * `npm run bench [-- --realistic] [WORD…]`: every bench, or those with one of the words in their title.
 * A new one gets a file in `benches/` and a line here. */
const benches = [
  rollbackTimes,
  gateTimes,
  functionsRollback,
  functionsProcesses,
  commandLine,
  storeOperations,
  watchOperations,
  functionsOperations,
  onboarding,
  planRatios,
  judging,
  diagnosing,
  checksTimes,
  checksOperations,
  splitters,
  resultsMemory,
  realisticRollback,
  functionsRealistic,
];

const missing = firestoreEmulator.missing();
const emulator = missing === undefined ? await startEmulator(firestoreEmulator) : undefined;
const words = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const isWanted = (title: string) =>
  words.length === 0 || words.some((word) => title.toLowerCase().includes(word.toLowerCase()));
const context = { firestore: emulator, realistic: process.argv.includes('--realistic') };
const print = (text: string) => process.stdout.write(`${text}\n`);
try {
  print(describeMachine());
  if (missing !== undefined) print(`without ${firestoreEmulator.name}: ${missing}`);
  for (const bench of benches.filter(({ title }) => isWanted(title))) {
    const figures = await bench.run(context);
    if (figures.length > 0) print(`\n${bench.title}\n${formatFigures(figures)}`.trimEnd());
  }
} finally {
  await emulator?.stop();
}
