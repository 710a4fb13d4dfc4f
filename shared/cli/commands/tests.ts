import { Command } from 'commander';
import { medianGreenMs, ratesOf } from '../../domain/checks/test-history.ts';
import { oneLine } from '../../domain/render/one-line.ts';
import { testsDocument } from '../../output/command-output.ts';
import { listTests, type TestReport } from '../../services/query-reports.ts';
import { formatTable } from '../../wording/format-table.ts';
import { noTests } from '../../wording/nothing-yet.ts';
import type { CliIo } from '../cli-io.ts';
import { UnknownNameError } from '../exit/bad-input-error.ts';
import { printDocument } from '../exit/print-document.ts';
import { parseLimit } from '../options/parse-limit.ts';
import type { StoreOptions } from '../options/store-options.ts';
import { firestoreOption, recordsOption } from '../options/store-options.ts';
import { describeUnknown } from '../select/describe-unknown.ts';
import { resolveService } from '../select/resolve-service.ts';
import { withStore } from '../with-store.ts';

interface TestsOptions extends StoreOptions {
  readonly suite?: string;
  readonly limit: number;
  readonly json?: true;
}

/** `deploy-loop tests SERVICE`: the results of its tests in their latest runs. */
export function testsCommand(io: CliIo): Command {
  return new Command('tests')
    .description('list the tests of a service, failing ones first, with durations and failure rates')
    .argument('<service>', 'the service, by name in the config')
    .option('--suite <name>', 'only tests of this suite')
    .option('--limit <n>', 'number of entries, 1 to 100', parseLimit, 20)
    .addOption(firestoreOption)
    .addOption(recordsOption)
    .action(async (name: string, _options, command: Command) => {
      const options = command.optsWithGlobals<TestsOptions>();
      const { service, all } = await withStore(options, io, async (store) => {
        const found = await resolveService(name, store);
        return { service: found, all: await listTests(store, found.serviceKey) };
      });
      if (options.suite !== undefined) assertSuite(options.suite, all);
      const meant = all.filter(({ suite }) => options.suite === undefined || suite === options.suite);
      const tests = meant.toSorted(byTrouble).slice(0, options.limit).map(summarize);
      if (options.json) printDocument(testsDocument(service, tests, meant.length), io);
      else io.stdout.write(tests.length > 0 ? describe(tests, meant.length) : noTests(name));
    });
}

/** @throws {UnknownNameError} no test of this suite is recorded; the message names the suites that are */
function assertSuite(name: string, tests: readonly TestReport[]): void {
  const suites = [...new Set(tests.map(({ suite }) => suite))].sort();
  if (suites.includes(name) || suites.length === 0) return;
  throw new UnknownNameError(describeUnknown('suite', name, suites));
}

/** Orders tests: failing now first, then by failure rate, then by duration. */
function byTrouble(a: TestReport, b: TestReport): number {
  const [ratesA, ratesB] = [ratesOf(a), ratesOf(b)];
  return (
    Number(b.failing !== undefined) - Number(a.failing !== undefined) ||
    ratesB.failureRate + ratesB.flakyRate - (ratesA.failureRate + ratesA.flakyRate) ||
    (medianGreenMs(b) ?? 0) - (medianGreenMs(a) ?? 0)
  );
}

const idLength = 100;

type TestSummary = ReturnType<typeof summarize>;

function summarize(test: TestReport) {
  const { suite, id, environment, results, failing, firstFailureAt, lastFailureAt, seenAt } = test;
  const { failureRate, flakyRate } = ratesOf(test);
  const runs = results.length;
  const medianMs = medianGreenMs(test);
  return {
    suite,
    id,
    environment,
    runs,
    medianMs,
    failureRate,
    flakyRate,
    failing,
    firstFailureAt,
    lastFailureAt,
    seenAt,
  };
}

function describe(tests: readonly TestSummary[], total: number): string {
  const rows = tests.map(({ suite, id, runs, medianMs, failureRate, flakyRate, failing }) => [
    `${suite}: ${oneLine(id, idLength)}`,
    String(runs),
    medianMs === undefined ? '' : `${Math.round(medianMs)} ms`,
    percent(failureRate),
    percent(flakyRate),
    failing ? `${failing.revision}, ${failing.since.toISOString()}` : '',
  ]);
  const more =
    total > tests.length
      ? `\n${tests.length} of ${total} tests: --limit N and --suite NAME show others\n`
      : '';
  return formatTable(['TEST', 'RUNS', 'MEDIAN', 'FAILED', 'FLAKY', 'FAILING SINCE'], rows) + more;
}

function percent(share: number): string {
  return share === 0 ? '' : `${Math.round(100 * share)} %`;
}
