import { expect, it } from '@jest/globals';
import { TransientError } from '../../shared/domain/errors.ts';
import { tellInTime } from '../../shared/runtime/tell-in-time.ts';
import { FakeClock } from '../world/fake-clock.ts';
import { silent } from '../world/world.ts';

it('waits for a notice, but not for ever', async () => {
  const clock = new FakeClock();
  const start = clock.monotonicMs();
  await tellInTime(new Promise(() => {}), { clock, log: silent });
  expect(clock.monotonicMs() - start).toBe(15_000);
});

it('does not fail with a notice', async () => {
  const clock = new FakeClock();
  const failed = Promise.reject(new TransientError('the records are down'));
  await expect(tellInTime(failed, { clock, log: silent })).resolves.toBeUndefined();
});
