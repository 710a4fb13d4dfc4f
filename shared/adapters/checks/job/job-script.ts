import { expandCommand, quote } from '../command/expand-command.ts';

/** In the agent's own folder, whose path has nothing that a shell would read. */
const words = { testsFile: '"$DEPLOY_LOOP_TESTS_FILE"', results: '"$DEPLOY_LOOP_RESULTS_FILE"' };

/** Makes the ids the script's own words, `"$@"`, so that nothing in an id is read by the shell. */
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
