import type { Container } from '../process/container.ts';
import type { OrphanGuard } from '../process/orphan-guard.ts';
import type { Profile } from '../profile.ts';
import type { Operations } from '../run/operations.ts';
import type { SeededRandom } from '../seeded-random.ts';

/** What every job of one local cloud shares. */
export interface JobPlatform {
  readonly profile: Profile;
  readonly random: SeededRandom;
  readonly guard: OrphanGuard;
  readonly operations: Operations;
  /** What an image of a given name runs, unless the job says which command. */
  readonly images: Readonly<Record<string, Container>>;
}
