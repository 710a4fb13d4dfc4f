import type { LocalLogging } from '../logging/local-logging.ts';
import type { Container } from '../process/container.ts';
import type { OrphanGuard } from '../process/orphan-guard.ts';
import type { RevisionRuntime } from '../process/revision-runtime.ts';
import type { Profile } from '../profile.ts';
import type { Router } from '../proxy/router.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Timers } from '../timers.ts';
import type { Operations } from './operations.ts';
import type { ServiceCodec } from './service-codec.ts';

/** What every service of one local cloud shares. */
export interface Platform {
  readonly profile: Profile;
  readonly timers: Timers;
  readonly random: SeededRandom;
  readonly guard: OrphanGuard;
  readonly router: Router<RevisionRuntime>;
  readonly operations: Operations;
  readonly logging: LocalLogging;
  readonly codec: ServiceCodec;
  /** What an image of a given name runs, unless the template says which command. */
  readonly images: Readonly<Record<string, Container>>;
  /** Where the front proxy listens. */
  readonly httpPort: number;
}
