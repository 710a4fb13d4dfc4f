import { playStory } from './play-story.ts';

process.exitCode = await playStory({
  profile: process.argv.includes('--realistic') ? 'realistic' : 'demo',
  functions: process.argv.includes('--functions'),
  stdout: process.stdout,
  stderr: process.stderr,
  isTty: process.stdout.isTTY === true,
});
