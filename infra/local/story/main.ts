import { tellStory } from './tell-story.ts';

process.exitCode = await tellStory({
  realistic: process.argv.includes('--realistic'),
  stdout: process.stdout,
  stderr: process.stderr,
  isTty: process.stdout.isTTY === true,
});
