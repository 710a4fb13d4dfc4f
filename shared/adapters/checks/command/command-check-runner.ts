import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { durationMs } from '../../../contracts/duration.ts';
import { readResults } from '../../../contracts/results/read-results.ts';
import type { TestCase } from '../../../contracts/results/test-case.ts';
import type { CommandSuite } from '../../../contracts/suites/command-suite.ts';
import { fillInAll } from '../../../contracts/suites/references.ts';
import { describeError } from '../../../domain/errors.ts';
import type { CheckResult } from '../../../domain/suites/check-result.ts';
import type { CheckBatch, CheckTarget, Collected } from '../../../ports/check-runner.ts';
import type { Random } from '../../../ports/random.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import type { IdTokens } from '../../id-tokens.ts';
import { readSecrets } from '../secrets/read-secrets.ts';
import type { KindRunner } from '../suite-check-runner.ts';
import { childEnvironment } from './child-environment.ts';
import { expandCommand } from './expand-command.ts';
import { describeEnd, judgeReport, type Report, tailOf } from './judge-report.ts';
import { readList } from './read-list.ts';
import { type Ended, runCommand } from './run-command.ts';

export interface CommandCheckRunnerOptions {
  readonly secrets: Secrets;
  readonly tokens: IdTokens;
  readonly random: Random;
  /** The guard's own; of it, commands get a few names only. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where commands run unless their suite says otherwise. */
  readonly cwd: string;
}

/** 30,000 ids of some hundred characters. */
const maxListLength = 16 * 1024 * 1024;
/** Of the words behind one command; the system takes more, and shares it with the environment. */
const maxArgumentBytes = 100_000;
/** Read in small chunks, a report of any size takes little memory. */
const chunkBytes = 16 * 1024;

/** Runs the user's own test runner as a child process, in a process group of its own. */
export class CommandCheckRunner implements KindRunner<CommandSuite> {
  readonly #options: CommandCheckRunnerOptions;

  constructor(options: CommandCheckRunnerOptions) {
    this.#options = options;
  }

  async collect(suite: CommandSuite, target: CheckTarget, signal: AbortSignal): Promise<Collected> {
    const ready = await this.#prepare(suite, { target, attempt: 1 });
    if (ready.kind === 'fault') return { checks: [], problems: [ready.detail] };
    const ended = await this.#start(suite, suite.list, [], ready.env, signal);
    const listed = readList(ended.output);
    const problems = [...listed.problems];
    if (ended.how !== 'exited' || ended.code !== 0)
      problems.push(`${describeEnd(ended)} when it listed its tests${tailOf(ended)}`);
    if (ended.cut) problems.push(`its list is longer than ${maxListLength} characters`);
    return { ...listed, problems: problems.map(ready.redact) };
  }

  async run(
    batch: CheckBatch & { readonly suite: CommandSuite },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const ready = await this.#prepare(batch.suite, batch);
    for (const ids of this.#split(batch.ids, batch.suite)) {
      if (signal.aborted) return;
      const results =
        ready.kind === 'fault'
          ? ids.map((id) => erroredBy(id, ready.detail))
          : await this.#invoke(ids, batch.suite, ready.env, signal);
      if (signal.aborted) return;
      for (const result of results) {
        const detail =
          result.detail !== undefined && ready.kind === 'ready' ? ready.redact(result.detail) : undefined;
        tell(detail === undefined ? result : { ...result, detail });
      }
    }
  }

  /** As few invocations as the length of a command line allows. */
  #split(ids: readonly string[], { run }: CommandSuite): string[][] {
    if (!run.includes('{tests}')) return [[...ids]];
    const parts: string[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const id of ids) {
      const size = Buffer.byteLength(id) + 1;
      if (bytes + size > maxArgumentBytes) {
        parts.push([]);
        bytes = 0;
      }
      parts.at(-1)?.push(id);
      bytes += size;
    }
    return parts;
  }

  async #invoke(
    ids: readonly string[],
    suite: CommandSuite,
    env: Record<string, string>,
    signal: AbortSignal,
  ): Promise<readonly CheckResult[]> {
    const unfit = new Map(ids.flatMap((id) => whyUnfit(id, suite) ?? []));
    const fit = ids.filter((id) => !unfit.has(id));
    const refused = [...unfit].map(([id, why]) => erroredBy(id, why));
    if (fit.length === 0) return refused;
    // Fresh and private: no report of an earlier run can be taken for this one's.
    const folder = await mkdtemp(join(tmpdir(), 'deploy-loop-'));
    try {
      const files = { testsFile: join(folder, 'tests.txt'), results: join(folder, 'results.xml') };
      await writeFile(files.testsFile, `${fit.join('\n')}\n`);
      const { mtimeMs: startedAtMs } = await stat(files.testsFile);
      const script = expandCommand(suite.run, files);
      const args = suite.run.includes('{tests}') ? fit : [];
      const ended = await this.#start(suite, script, args, env, signal);
      if (ended.how === 'aborted') return [];
      const report = await readReport(files.results, startedAtMs);
      return [...refused, ...judgeReport(fit, report, ended, startedAtMs)];
    } catch (error) {
      return ids.map((id) => erroredBy(id, describeError(error)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #start(
    { cwd, suiteTimeout }: CommandSuite,
    script: string,
    args: readonly string[],
    env: Record<string, string>,
    signal: AbortSignal,
  ): Promise<Ended> {
    return runCommand({
      script,
      args,
      cwd: resolve(this.#options.cwd, cwd ?? '.'),
      env,
      invocation: this.#options.random.nonce(),
      timeoutMs: durationMs(suiteTimeout),
      maxOutput: maxListLength,
      signal,
    });
  }

  async #prepare(suite: CommandSuite, batch: Pick<CheckBatch, 'target' | 'attempt'>) {
    const secrets = await readSecrets(suite.secrets, this.#options.secrets);
    if (secrets.kind === 'fault') return secrets;
    const token = await this.#tokenFor(batch.target);
    const suiteEnv = fillInAll(suite.env, secrets.values);
    const env = childEnvironment(this.#options.environment, suiteEnv, secrets.values, batch, token);
    const hide = (text: string) => (token === undefined ? text : text.replaceAll(token, '[TOKEN]'));
    return { kind: 'ready' as const, env, redact: (text: string) => secrets.redactor.redact(hide(text)) };
  }

  /** Absent where none is to be had: a public service needs none. */
  async #tokenFor({ authenticate, audience }: CheckTarget): Promise<string | undefined> {
    if (authenticate === 'never') return undefined;
    try {
      return await this.#options.tokens.idToken(audience);
    } catch {
      return undefined;
    }
  }
}

function whyUnfit(id: string, { run }: CommandSuite): readonly [id: string, why: string][] | undefined {
  if (id.includes('\0')) return [[id, 'its id holds a NUL, which no command can be given']];
  if (!run.includes('{tests}') && /[\r\n]/.test(id))
    return [[id, 'its id has several lines, and a file with one id a line cannot say so: use {tests}']];
  if (run.includes('{tests}') && Buffer.byteLength(id) > maxArgumentBytes)
    return [[id, 'its id is too long for a command line: use {testsFile}']];
  return undefined;
}

/** @param startedAtMs by the clock of the file system that the report is on */
async function readReport(file: string, startedAtMs: number): Promise<Report> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats?.isFile()) return { cases: [], problems: [], state: 'missing' };
  if (stats.mtimeMs < startedAtMs) return { cases: [], problems: [], state: 'older' };
  const cases: TestCase[] = [];
  const source = createReadStream(file, { highWaterMark: chunkBytes });
  const problems = await readResults(source, (one) => cases.push(one));
  return { cases, problems, state: 'written' };
}

function erroredBy(id: string, detail: string): CheckResult {
  return { id, outcome: 'errored', durationMs: 0, detail };
}
