import type { ServiceConfig } from '../../contracts/config.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { findQuarantine } from '../../domain/checks/find-quarantine.ts';
import { isInFocus } from '../../domain/checks/is-in-focus.ts';
import { matchesPattern } from '../../domain/checks/match-pattern.ts';
import type { CheckTarget, CollectedCheck } from '../../ports/check-runner.ts';
import type { Ports } from '../../ports/ports.ts';

/** A check of a run, before planning. */
export interface RunCheck {
  readonly suite: Suite;
  readonly id: string;
  readonly file: string | undefined;
  /** Its group, which stays in one shard; absent: none. */
  readonly group: string | undefined;
  /** True: it never counts. */
  readonly quarantined: boolean;
  /** True: that is for its severity, and not for a quarantine. */
  readonly warns: boolean;
}

/** What a run consists of. */
interface CollectedRun {
  readonly checks: readonly RunCheck[];
  readonly problems: readonly string[];
  /** The problems of suites that only warn. */
  readonly warnings: readonly string[];
}

/** All checks in focus, and why some may be missing. A suite without any check is a fault of the suite. */
export async function collectChecks(
  config: ServiceConfig,
  target: CheckTarget,
  signal: AbortSignal,
  ports: Pick<Ports, 'checks' | 'clock'>,
): Promise<CollectedRun> {
  const suites = config.suites.filter((suite) => isInFocus(suite, config.tests.focus));
  const at = ports.clock.now();
  const collected = await Promise.all(suites.map((suite) => collectSuite(suite, target, at, signal, ports)));
  const none = suites.length === 0 ? [`no suite matches tests.focus, ${config.tests.focus}`] : [];
  return {
    checks: collected.flatMap(({ checks }) => checks),
    problems: [...none, ...collected.flatMap(({ problems }) => problems)],
    warnings: collected.flatMap(({ warnings }) => warnings),
  };
}

async function collectSuite(
  suite: Suite,
  target: CheckTarget,
  at: Date,
  signal: AbortSignal,
  { checks: runner }: Pick<Ports, 'checks'>,
): Promise<CollectedRun> {
  const { checks, problems } = await runner.collect(suite, target, signal);
  const unique = new Map(checks.map((check) => [check.id, check]));
  const twice = checks.length - unique.size;
  const faults = [
    ...problems,
    ...(checks.length === 0 ? ['it has no checks'] : []),
    ...(twice > 0 ? [`${twice} of its checks have a duplicate id`] : []),
  ];
  const severityOf = severitiesOf(suite);
  const told = faults.map((fault) => `suite ${suite.name}: ${fault}`);
  return {
    checks: [...unique.values()].map((check) => {
      const isQuarantined = findQuarantine(suite.quarantine, check.id, at) !== undefined;
      const warns = !isQuarantined && severityOf(check.id) === 'warn';
      const { id, file } = check;
      return { suite, id, file, group: groupOf(suite, check), quarantined: isQuarantined || warns, warns };
    }),
    problems: suite.severity === 'warn' ? [] : told,
    warnings: suite.severity === 'warn' ? told : [],
  };
}

function severitiesOf(suite: Suite): (id: string) => Suite['severity'] {
  const checks: readonly { name: string; severity?: Suite['severity'] | undefined }[] =
    suite.kind === 'command' ? [] : suite.checks;
  const own = new Map(checks.map(({ name, severity }) => [name, severity]));
  return (id) => own.get(id) ?? suite.severity;
}

function groupOf({ groups }: Suite, { id }: CollectedCheck): string | undefined {
  return groups.find(({ tests }) => tests.some((pattern) => matchesPattern(id, pattern)))?.name;
}
