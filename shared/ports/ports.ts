import type { Builds } from './builds.ts';
import type { CheckRunner } from './check-runner.ts';
import type { Clock } from './clock.ts';
import type { CloudRun } from './cloud-run.ts';
import type { Logger } from './logger.ts';
import type { Logs } from './logs.ts';
import type { MessageBus } from './message-bus.ts';
import type { Notifier } from './notifier/notifier.ts';
import type { Prober } from './prober.ts';
import type { Random } from './random.ts';
import type { ScmHosts } from './scm/scm.ts';
import type { Store } from './store.ts';
import type { WebSockets } from './web-sockets.ts';

/** All ports; each service names those that it uses with `Pick`. */
export interface Ports {
  readonly store: Store;
  readonly bus: MessageBus;
  readonly run: CloudRun;
  readonly builds: Builds;
  readonly logs: Logs;
  readonly prober: Prober;
  readonly sockets: WebSockets;
  readonly checks: CheckRunner;
  readonly scm: ScmHosts;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
}
