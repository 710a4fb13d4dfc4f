import { expect, it } from '@jest/globals';
import { backoffMs } from '../../../infra/local/pubsub/backoff.ts';

it.each([
  [1, 100],
  [2, 200],
  [3, 400],
  [4, 600],
  [500, 600],
])('waits, after %i failed attempts, %i ms of a backoff from 100 to 600', (attempts, expected) => {
  expect(backoffMs(attempts, { minBackoffMs: 100, maxBackoffMs: 600 })).toBe(expected);
});
