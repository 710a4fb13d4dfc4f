import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { durationMs } from '../../../contracts/duration.ts';
import type { CommandSuite } from '../../../contracts/suites/command-suite.ts';
import type { CheckResult } from '../../../domain/checks/check-result.ts';
import { describeError } from '../../../domain/errors.ts';
import { partsOf } from '../../../domain/parts-of.ts';
import type { CheckBatch, CheckTarget, Collected } from '../../../ports/check-runner.ts';
import type { CommandEnvironments, PreparedEnvironment } from '../../../ports/command-environments.ts';
import type { Random } from '../../../ports/random.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import { judgeReport } from '../../../test-reports/judge-report.ts';
import { judgeList, maxListLength } from '../../../test-reports/read-list.ts';
import { noReport, type Report, readReport } from '../../../test-reports/read-report.ts';
import type { IdTokens } from '../../id-tokens/id-tokens.ts';
import type { KindRunner } from '../suite-check-runner.ts';
import { expandCommand, quote, whyNoWord } from './expand-command.ts';
import { inPrivateFolder } from './private-folder.ts';
import { type Ended, runCommand } from './run-command.ts';
import { SecretEnvironments, type SecretEnvironmentsOptions } from './secret-environments.ts';

type ReadyEnvironment = Extract<PreparedEnvironment, { kind: 'ready' }>;

export interface CommandCheckRunnerOptions extends Pick<SecretEnvironmentsOptions, 'urlFor'> {
  readonly secrets: Secrets;
  readonly tokens: IdTokens;
  readonly random: Random;
  /** The guard's own environment; commands inherit only a few of its variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where commands run unless their suite says otherwise. */
  readonly cwd: string;
}

/** The length of the words after one command. The system allows more, but shares that limit with the environment. */
const maxArgumentBytes = 100_000;
/** Read in small chunks, a report of any size takes little memory. */
const chunkBytes = 16 * 1024;

/** Runs the user's own test runner as a child process, in a process group of its own. */
export class CommandCheckRunner implements KindRunner<CommandSuite> {
  readonly #options: CommandCheckRunnerOptions;
  readonly #environments: CommandEnvironments;

  constructor(options: CommandCheckRunnerOptions) {
    this.#options = options;
    this.#environments = new SecretEnvironments({ ...options, own: options.environment });
  }

  async collect(suite: CommandSuite, target: CheckTarget, signal: AbortSignal): Promise<Collected> {
    const ready = await this.#environments.prepare(suite, { target, attempt: 1 });
    if (ready.kind === 'fault') return { checks: [], problems: [ready.detail] };
    try {
      const ended = await this.#start(suite, suite.list, [], ready, signal);
      const { checks, problems } = judgeList(ended.output, ended, ended.cut);
      return { checks, problems: problems.map(ready.redact) };
    } catch (error) {
      return { checks: [], problems: [describeError(error)] };
    }
  }

  async run(
    batch: CheckBatch & { readonly suite: CommandSuite },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const ready = await this.#environments.prepare(batch.suite, batch);
    for (const ids of this.#split(batch.ids, batch.suite)) {
      if (signal.aborted) return;
      const results =
        ready.kind === 'fault'
          ? ids.map((id) => erroredBy(id, ready.detail))
          : await this.#invoke(ids, batch.suite, ready, signal);
      if (signal.aborted) return;
      for (const result of results) {
        const detail =
          result.detail !== undefined && ready.kind === 'ready' ? ready.redact(result.detail) : undefined;
        tell(detail === undefined ? result : { ...result, detail });
      }
    }
  }

  /** Splits ids into as few invocations as the length of a command line allows. */
  #split(ids: readonly string[], { run }: CommandSuite): string[][] {
    if (!run.includes('{tests}')) return [[...ids]];
    return partsOf(ids, (id) => `${id} `, { bytes: maxArgumentBytes });
  }

  async #invoke(
    ids: readonly string[],
    suite: CommandSuite,
    ready: ReadyEnvironment,
    signal: AbortSignal,
  ): Promise<readonly CheckResult[]> {
    const unfit = new Map(
      ids.flatMap((id) => {
        const why = whyUnfit(id, suite);
        return why === undefined ? [] : [[id, why]];
      }),
    );
    const fit = ids.filter((id) => !unfit.has(id));
    const refused = [...unfit].map(([id, why]) => erroredBy(id, why));
    if (fit.length === 0) return refused;
    try {
      // Fresh: a report of an earlier run cannot be mistaken for one of this run.
      return await inPrivateFolder(async (folder) => {
        const files = { testsFile: join(folder, 'tests.txt'), results: join(folder, 'results.xml') };
        await writeFile(files.testsFile, `${fit.join('\n')}\n`);
        const { mtimeMs: startedAtMs } = await stat(files.testsFile);
        const script = expandCommand(suite.run, {
          testsFile: quote(files.testsFile),
          results: quote(files.results),
        });
        const args = suite.run.includes('{tests}') ? fit : [];
        const ended = await this.#start(suite, script, args, ready, signal);
        if (ended.how === 'aborted') return [];
        const report = await readFile(files.results, startedAtMs);
        return [...refused, ...judgeReport(fit, report, ended, startedAtMs)];
      });
    } catch (error) {
      return ids.map((id) => erroredBy(id, describeError(error)));
    }
  }

  async #start(
    { cwd, suiteTimeout }: CommandSuite,
    script: string,
    args: readonly string[],
    { env, redact }: ReadyEnvironment,
    signal: AbortSignal,
  ): Promise<Ended> {
    // The home of the guard's user has credentials that libraries find by themselves.
    const ended = await inPrivateFolder((home) =>
      runCommand({
        script,
        args,
        cwd: resolve(this.#options.cwd, cwd ?? '.'),
        env: { HOME: home, ...env },
        invocation: this.#options.random.nonce(),
        timeoutMs: durationMs(suiteTimeout),
        maxOutput: maxListLength,
        signal,
      }),
    );
    // Redact before the text is shortened: the rest of a secret at a cut would not be recognised.
    return { ...ended, tail: redact(ended.tail) };
  }
}

function whyUnfit(id: string, { run }: CommandSuite): string | undefined {
  if (id.includes('\0')) return 'its id contains NUL, which cannot be passed to a command';
  if (!run.includes('{tests}') && /[\r\n]/.test(id))
    return 'its id has line breaks, and {testsFile} has one id per line: use {tests}';
  if (run.includes('{tests}') && Buffer.byteLength(id) > maxArgumentBytes)
    return 'its id is too long for a command line: use {testsFile}';
  return whyNoWord(id, run);
}

/** @param startedAtMs by the clock of the file system that the report is on */
async function readFile(file: string, startedAtMs: number): Promise<Report> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) return noReport;
  if (stats.mtimeMs < startedAtMs) return { cases: [], problems: [], state: 'older' };
  return await readReport(createReadStream(file, { highWaterMark: chunkBytes }));
}

function erroredBy(id: string, detail: string): CheckResult {
  return { id, outcome: 'errored', durationMs: 0, detail };
}
