import { expandCommand, quote } from '../command/expand-command.ts';

/** A file in the agent's own folder, whose path contains no special characters of the shell. */
const words = { testsFile: '"$DEPLOY_LOOP_TESTS_FILE"', results: '"$DEPLOY_LOOP_RESULTS_FILE"' };

/** Turns the ids into the script's own arguments, `"$@"`, so that the shell interprets nothing in an id. */
const readWords = [
  'set --',
  'while IFS= read -r dl_id; do set -- "$@" "$dl_id"; done <"$DEPLOY_LOOP_TESTS_FILE"',
];

/** A command of a suite as the script that the agent of a job runs. */
export function jobScript(command: string, cwd: string | undefined): string {
  const expanded = expandCommand(command, words);
  return [
    ...(expanded.includes('"$@"') ? readWords : []),
    ...(cwd === undefined ? [] : [`cd ${quote(cwd.startsWith('/') ? cwd : `./${cwd}`)} || exit`]),
    expanded,
  ].join('\n');
}
