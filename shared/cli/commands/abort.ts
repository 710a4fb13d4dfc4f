import type { Command } from 'commander';
import { documentIn } from '../../contracts/document.ts';
import { RunIdSchema } from '../../contracts/id-schemas.ts';
import { abortOf, runs } from '../../contracts/records.ts';
import type { RunId } from '../../domain/ids.ts';
import type { Store } from '../../ports/store.ts';
import type { CliIo } from '../cli-io.ts';
import { type ControlOptions, type NamedControl, turnOn } from '../controls/change-control.ts';
import { controlCommand } from '../controls/control-command.ts';
import { BadInputError, UnknownNameError } from '../exit/bad-input-error.ts';
import { parseOption } from '../options/parse-option.ts';

/** `deploy-loop abort RUN`: cancels a run and returns the canary's traffic. */
export function abortCommand(io: CliIo): Command {
  return controlCommand('abort', "cancel an open run and return the canary's traffic")
    .argument('<run>', 'the run id', parseOption(RunIdSchema))
    .action((runId: RunId, _options, command: Command) =>
      turnOn((store) => findAbort(runId, store), command.optsWithGlobals<ControlOptions>(), io),
    );
}

/** @throws {BadInputError} there is no such run, or it has ended */
async function findAbort(runId: RunId, store: Store): Promise<NamedControl> {
  const run = (await store.get(documentIn(runs, runId)))?.data;
  if (!run) throw new UnknownNameError(`no run ${runId} is recorded: list runs with deploy-loop runs`);
  const { revision } = run.candidate;
  if (run.state === 'closed')
    throw new BadInputError(`run ${runId} of ${revision} has already ended: ${run.verdict ?? 'no verdict'}`);
  return {
    ref: abortOf(runId),
    subject: `run ${runId} of ${revision}`,
    state: 'cancelled',
    effect: 'it ends at its next check',
  };
}
