import { createLogger } from '../shared/runtime/container.ts';
import { environment } from '../shared/runtime/environment.ts';
import { functionNames, isFunctionName } from '../shared/runtime/hops.ts';
import { structureConsole } from '../shared/runtime/structured-console.ts';

structureConsole(console, createLogger({ logLevel: 'info' }));

const target = environment.FUNCTION_TARGET ?? '';
if (!isFunctionName(target))
  throw new TypeError(`FUNCTION_TARGET: ${JSON.stringify(target)} is not one of ${functionNames.join(', ')}`);
// One artifact, but each process loads only its own part: loading the clients of the others costs seconds of a cold
// start.
await import(`./${target}/index.ts`);
