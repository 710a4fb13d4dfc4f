import { describe, expect, it } from '@jest/globals';
import { parseGoogleExecution } from '../../../shared/adapters/google/execution.ts';

const ended = { completionTime: { seconds: '1800000000', nanos: 0 } };
const completed = (state: string | number, more: object = {}) => ({
  conditions: [
    { type: 'ContainerReady', state: 'CONDITION_SUCCEEDED' },
    { type: 'Completed', state, ...more },
  ],
});

describe('an execution, as Cloud Run tells it', () => {
  it.each<[string, object, object]>([
    ['nothing said yet', {}, { kind: 'running' }],
    ['pending', completed('CONDITION_PENDING'), { kind: 'running' }],
    ['reconciling', { ...completed(2), taskCount: 1, runningCount: 1 }, { kind: 'running' }],
    [
      'on its way to its end',
      completed('CONDITION_RECONCILING', { executionReason: 'CANCELLING' }),
      { kind: 'running' },
    ],
    [
      'all tasks done',
      { ...completed('CONDITION_SUCCEEDED'), ...ended, taskCount: 2, succeededCount: 2 },
      { kind: 'succeeded' },
    ],
    [
      'enums as numbers',
      { ...completed(4), ...ended, taskCount: 1, succeededCount: 1 },
      { kind: 'succeeded' },
    ],
    [
      'done without an error, some of its tasks cancelled',
      { ...completed('CONDITION_SUCCEEDED'), ...ended, taskCount: 3, succeededCount: 1, cancelledCount: 2 },
      { kind: 'cancelled' },
    ],
    [
      'cancelled before a task began',
      { ...completed('CONDITION_FAILED', { executionReason: 3 }), ...ended },
      { kind: 'cancelled' },
    ],
    [
      'said to have succeeded, with a task missing',
      { ...completed('CONDITION_SUCCEEDED'), ...ended, taskCount: 2, succeededCount: 1 },
      { kind: 'failed', reason: 'of 2 tasks 1 succeeded and 0 failed' },
    ],
    [
      'failed',
      {
        ...completed('CONDITION_FAILED', { message: 'Task x-task0 failed', executionReason: 2 }),
        ...ended,
        taskCount: 1,
        failedCount: 1,
      },
      { kind: 'failed', reason: 'Task x-task0 failed' },
    ],
    [
      'ended without a condition',
      { ...ended, taskCount: 1, failedCount: 1 },
      { kind: 'failed', reason: 'of 1 task 0 succeeded and 1 failed' },
    ],
    ['deleted', { ...completed(4), ...ended, deleteTime: { seconds: 1 } }, { kind: 'gone' }],
  ])('%s', (_, answer, expected) => {
    expect(parseGoogleExecution(answer)).toEqual(expected);
  });

  it('is not guessed at', () => {
    expect(() => parseGoogleExecution({ conditions: 'Completed' })).toThrow();
    expect(() => parseGoogleExecution(null)).toThrow();
  });
});
