import type { ServiceConfig } from '../../contracts/config.ts';
import { durationMs } from '../../contracts/duration.ts';
import { isBuildVariable } from '../../contracts/expectations/build-variables.ts';
import { type HttpCheck, stepsOf } from '../../contracts/suites/http-suite.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import { isInFocus } from '../../domain/checks/is-in-focus.ts';
import type { Limit } from './finding.ts';

/** What only shows when a service's suites are seen together, and with its policy. */
export function checkSuites({ suites, tests }: ServiceConfig): readonly Limit[] {
  const limits = suites.flatMap((suite, n) => [
    ...checkName(suite, n, suites),
    ...checkTimes(suite, n, tests.timeout),
    ...checkNames(suite, n),
  ]);
  if (suites.length === 0 || suites.some((suite) => isInFocus(suite, tests.focus))) return limits;
  const focus = {
    keys: [['tests', 'focus'], ['suites']],
    message: `no suite matches the focus ${tests.focus}`,
    fix: 'use all, or a value that a suite has',
  };
  return [...limits, focus];
}

function checkName({ name }: Suite, n: number, suites: readonly Suite[]): readonly Limit[] {
  const first = suites.findIndex((suite) => suite.name === name);
  if (first === n) return [];
  const keys = [['suites', n, 'name']];
  return [
    {
      keys,
      message: `${name} is already the name of suites[${first}]`,
      fix: 'give each suite a unique name',
    },
  ];
}

/** Build variables need no declaration, and mean the same in all suites. */
function checkNames(suite: Suite, n: number): readonly Limit[] {
  const secrets = Object.keys(suite.secrets).map((name) => ({ name, path: ['secrets', name] }));
  const captures = suite.kind === 'http' ? suite.checks.flatMap(capturesIn) : [];
  return [...secrets, ...captures]
    .filter(({ name }) => isBuildVariable(name))
    .map(({ name, path }) => ({
      keys: [['suites', n, ...path]],
      message: `${name} is the name of a build variable`,
      fix: `use another name, or remove it and use \${${name}} as it is`,
    }));
}

function capturesIn(check: HttpCheck, n: number): { name: string; path: (string | number)[] }[] {
  return stepsOf(check).flatMap(({ capture }, s) =>
    Object.keys(capture).map((name) => ({
      name,
      path: ['checks', n, ...(check.steps ? ['steps', s] : []), 'capture', name],
    })),
  );
}

/** Pauses lengthen the lease of a shard. */
const longestPause = '1m';

function checkTimes(
  { timeout, suiteTimeout, retryPause }: Suite,
  n: number,
  whole: string,
): readonly Limit[] {
  const keys = { timeout: ['suites', n, 'timeout'], suiteTimeout: ['suites', n, 'suiteTimeout'] };
  const limits = [
    durationMs(timeout) > durationMs(suiteTimeout) && {
      keys: [keys.timeout, keys.suiteTimeout],
      message: `one check may take ${timeout}, more than suiteTimeout, ${suiteTimeout}`,
      fix: 'lower timeout or raise suiteTimeout',
    },
    durationMs(suiteTimeout) > durationMs(whole) && {
      keys: [keys.suiteTimeout, ['tests', 'timeout']],
      message: `the suite may take ${suiteTimeout}, more than tests.timeout, ${whole}`,
      fix: 'lower suiteTimeout or raise tests.timeout',
    },
    durationMs(retryPause) > durationMs(longestPause) && {
      keys: [['suites', n, 'retryPause']],
      message: `a pause of ${retryPause} is more than the most, ${longestPause}`,
      fix: `use at most ${longestPause}`,
    },
  ];
  return limits.filter((limit) => limit !== false);
}
