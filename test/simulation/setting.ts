import type { ServiceConfig } from '../../shared/contracts/config.ts';
import type { Mode } from '../../shared/domain/stages.ts';
import { checkKinds, slowSuffix } from './cloud/check-truth.ts';
import type { Dice } from './kernel/dice.ts';

/** What a schedule begins with. */
export interface Setting {
  readonly mode: Mode;
  /** False: it is still to be found out whether what serves is good. */
  readonly known: boolean;
  readonly requestLog: 'auto' | 'off';
  /** What each revision is tested with; empty: it is not. */
  readonly checks: readonly string[];
  /** When no candidate gets more traffic. */
  readonly freeze?: ServiceConfig['freeze'];
  /** The regions of other services in the same config. */
  readonly neighbours?: readonly string[];
}

export function drawSetting(dice: Dice): Setting {
  const mode = dice.pick<Mode>(['guard', 'guard', 'guard', 'gate', 'canary']);
  const known = dice.chance(0.8);
  const requestLog = dice.pick<'auto' | 'off'>(['auto', 'auto', 'off']);
  return { mode, known, requestLog, checks: drawChecks(dice.fork('checks')) };
}

/** None in most schedules: they are there for the traffic. Most of the others can pass. */
function drawChecks(dice: Dice): readonly string[] {
  if (!dice.chance(0.3)) return [];
  const sound = dice.chance(0.8);
  const kinds = sound ? (['pass', 'flaky', 'broken'] as const) : checkKinds;
  // With many of them a slot sees enough alike for a burst.
  const length = dice.chance(0.15) ? dice.between(36, 48) : dice.between(3, 8);
  const pace = dice.chance(0.25) ? slowSuffix : '';
  return Array.from({ length }, (_, n) => `${kinds[dice.below(kinds.length)]}-${n}${pace}`);
}
