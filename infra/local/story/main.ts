import { tellFunctionsStory } from './tell-functions-story.ts';
import { tellStory } from './tell-story.ts';

const tell = process.argv.includes('--functions') ? tellFunctionsStory : tellStory;
process.exitCode = await tell({
  realistic: process.argv.includes('--realistic'),
  stdout: process.stdout,
  stderr: process.stderr,
  isTty: process.stdout.isTTY === true,
});
