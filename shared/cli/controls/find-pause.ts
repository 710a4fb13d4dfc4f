import { pauseOf } from '../../contracts/records.ts';
import type { Store } from '../../ports/store.ts';
import { resolveService } from '../select/resolve-service.ts';
import type { NamedControl } from './change-control.ts';

/** @throws {BadInputError} there is no such service */
export async function findPause(name: string, store: Store): Promise<NamedControl> {
  const { serviceKey } = await resolveService(name, store);
  return {
    ref: pauseOf(serviceKey),
    subject: name,
    state: 'paused',
    effect: 'no revision gains traffic automatically; a failing one is still rolled back',
    undo: { on: `resume ${name}`, off: `pause ${name} --why TEXT` },
  };
}
