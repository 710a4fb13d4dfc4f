import { freezeOf, killSwitch } from '../../contracts/records.ts';
import type { Store } from '../../ports/store.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import { resolveService } from '../select/resolve-service.ts';
import type { NamedControl } from './change-control.ts';

/**
 * The freeze of one service, or the kill switch.
 * @throws {BadInputError} neither or both are named, or there is no such service
 */
export async function findFreeze(
  name: string | undefined,
  all: boolean,
  store: Store,
): Promise<NamedControl> {
  if (all && name !== undefined) throw new BadInputError(`specify either ${name} or --all, not both`);
  if (all)
    return {
      ref: killSwitch,
      subject: 'the kill switch',
      state: 'on',
      effect: 'no traffic of any service is written, automatically or manually',
      undo: { on: 'unfreeze --all', off: 'freeze --all --why TEXT' },
    };
  if (name === undefined) throw new BadInputError('specify a service or --all');
  const { serviceKey } = await resolveService(name, store);
  return {
    ref: freezeOf(serviceKey),
    subject: name,
    state: 'frozen',
    effect: 'the guard does not write its traffic',
    undo: { on: `unfreeze ${name}`, off: `freeze ${name} --why TEXT` },
  };
}
