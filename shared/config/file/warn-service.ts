import type { ServiceConfig } from '../../contracts/config.ts';
import { referencesIn } from '../../contracts/suites/references.ts';
import type { Suite } from '../../contracts/suites/suite.ts';
import type { Limit } from './finding.ts';

/**
 * What one service has in vain.
 * @param today as YYYY-MM-DD, in UTC; undefined: nothing is said of what has ended
 */
export function warnService(service: ServiceConfig, today: string | undefined): readonly Limit[] {
  return [
    ...warnRequestLog(service),
    ...service.suites.flatMap((suite, n) => [...warnSecrets(suite, n), ...warnQuarantine(suite, n, today)]),
  ];
}

function warnRequestLog({ mode, requestLog }: ServiceConfig): readonly Limit[] {
  if (mode !== 'canary' || requestLog.use !== 'off') return [];
  return [
    {
      keys: [['requestLog', 'use']],
      message:
        'without the request log probes alone judge the steps of a canary: what only users meet is not noticed',
      fix: 'set requestLog.use to auto',
    },
  ];
}

/** Commands get all secrets of their suite, and nobody knows which they use. */
function warnSecrets(suite: Suite, n: number): readonly Limit[] {
  if (suite.kind === 'command') return [];
  const used = new Set(referencesIn(suite.checks).map(({ name }) => name));
  return Object.keys(suite.secrets)
    .filter((name) => !used.has(name))
    .map((name) => ({
      keys: [['suites', n, 'secrets', name]],
      message: 'no check uses this secret',
      fix: `write \${${name}} where it is needed, or remove it`,
    }));
}

function warnQuarantine({ quarantine }: Suite, n: number, today: string | undefined): readonly Limit[] {
  return quarantine.flatMap(({ until, owner }, q) =>
    today === undefined || until >= today
      ? []
      : [
          {
            keys: [['suites', n, 'quarantine', q, 'until']],
            message: `the quarantine ended on ${until}: its checks count again`,
            fix: `remove it, or let ${owner} set a later day`,
          },
        ],
  );
}
