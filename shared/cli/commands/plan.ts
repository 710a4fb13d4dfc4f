import { Command, Option } from 'commander';
import { z } from 'zod';
import { fileOfTest } from '../../domain/checks/file-of-test.ts';
import { estimateDurations } from '../../domain/shards/estimate-durations.ts';
import { planShards } from '../../domain/shards/plan-shards.ts';
import { playPlan } from '../../domain/shards/play-plan.ts';
import type { PlanMode } from '../../domain/shards/shard-plan.ts';
import { planDocument } from '../../output/report-output.ts';
import type { CliIo } from '../cli-io.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { formatPlan, reportPlan } from '../format/format-plan.ts';
import { readTimings } from '../input/read-timings.ts';
import { parseOption } from '../options/parse-option.ts';

interface PlanOptions {
  readonly timings: string;
  readonly actual?: string;
  readonly workers: number;
  readonly startupMs: number;
  readonly mode: PlanMode | 'auto';
  readonly json?: true;
}

const NumberSchema = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'not a number')
  .transform(Number);
const workersRange = 'a whole number from 1 to 10000';
const WorkersSchema = NumberSchema.pipe(z.int(workersRange).min(1, workersRange).max(10_000, workersRange));
const startupRange = 'from 0 to 3600000 ms';
const StartupSchema = NumberSchema.pipe(z.number().min(0, startupRange).max(3_600_000, startupRange));
/** The assumed duration of a test when no test has a known one. */
const unknownMs = 1_000;

/** `deploy-loop plan`: how tests would be split into shards, and how long that would take. Makes no network call. */
export function planCommand(io: CliIo): Command {
  return new Command('plan')
    .description('plan shards from test durations, and simulate the plan')
    .requiredOption('--timings <file>', 'the duration of each test, in JSON: {"test": seconds, …}')
    .option(
      '--actual <file>',
      'simulate the plan with these durations; tests missing in --timings count as unknown',
    )
    .requiredOption('--workers <n>', 'the number of workers', parseOption(WorkersSchema))
    .option('--startup-ms <ms>', 'the time to start the runner once', parseOption(StartupSchema), 0)
    .addOption(
      new Option('--mode <mode>', 'how shards are assigned to workers')
        .choices(['queue', 'static', 'auto'])
        .default('auto'),
    )
    .action(async (_options, command: Command) => plan(command.optsWithGlobals<PlanOptions>(), io));
}

async function plan(options: PlanOptions, io: CliIo): Promise<void> {
  const { workers, startupMs, mode } = options;
  const timings = await readTimings(options.timings, io.cwd);
  const actual = options.actual === undefined ? timings : await readTimings(options.actual, io.cwd);
  const checks = estimateDurations(
    [...actual.keys()].map((id) => ({ id, file: fileOfTest(id), historyMs: toMs(timings.get(id)) })),
    unknownMs,
  );
  const unknown = checks.filter(({ isUnknown }) => isUnknown).length;
  if (unknown === checks.length)
    throw new BadInputError(`${options.actual} has no test in common with ${options.timings}`);
  const planned = planShards({ checks, workers, startupMs, mode });
  const played = playPlan(planned, (id) => toMs(actual.get(id)), { workers, startupMs });
  const facts = { mode: planned.mode, shards: planned.shards.length, unknown };
  if (options.json) printDocument(planDocument(played, facts), io);
  else io.stdout.write(formatPlan(reportPlan(played, facts)));
}

function toMs(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}
