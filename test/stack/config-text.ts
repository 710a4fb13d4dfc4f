import { stringify } from 'yaml';

/** What a stack test changes of its config; the rest is small enough that a run takes a fraction of a second. */
export interface ConfigChanges {
  readonly health?: Readonly<Record<string, unknown>>;
  readonly rollback?: Readonly<Record<string, unknown>>;
  readonly watch?: Readonly<Record<string, unknown>>;
  /** `guard` if absent. */
  readonly mode?: string;
  readonly steps?: readonly Readonly<Record<string, unknown>>[];
  readonly requestLog?: Readonly<Record<string, unknown>>;
  readonly suites?: readonly Readonly<Record<string, unknown>>[];
  readonly tests?: Readonly<Record<string, unknown>>;
  readonly audits?: Readonly<Record<string, unknown>>;
  readonly propagation?: string;
  readonly services?: readonly string[];
}

/** A config file for services of the local cloud. */
export function configText({
  health,
  rollback,
  watch,
  propagation = '1ms',
  services = ['web'],
  ...others
}: ConfigChanges = {}): string {
  const defaults = {
    project: 'acme-staging',
    region: 'us-central1',
    health: {
      path: '/health',
      expect: { status: 200, json: { status: 'healthy' }, latency: '1s' },
      interval: '20ms',
      timeout: '1s',
      startupBudget: '10s',
      successes: 2,
      failureThreshold: 2,
      ...health,
    },
    propagation,
    // Nothing to wait for: a revision that is healthy is recorded as good after one more look.
    watch: { for: '0s', minimum: '0s', interval: '20ms', ...watch },
    rollback: { ...rollback },
    ...others,
  };
  return stringify({ version: 1, defaults, services: services.map((name) => ({ name })) });
}
