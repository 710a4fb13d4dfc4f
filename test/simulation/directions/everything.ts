import { beginScript } from '../events/script.ts';
import { drawSetting } from '../setting.ts';
import type { Direction } from './direction.ts';

/** Something of all that may happen, each with its probability. */
export const everything: Direction = {
  faulty: 1,
  scenarios: [
    'effect rollback done rolled-back',
    'effect promote done promoted',
    'effect step done promoted',
    'effect abort done aborted',
    'effect mark-good done recorded-good',
    'outcome restored',
    'verdict superseded',
    'conflicts',
    'crash-before',
    'crash-after',
    'freeze',
    'answer-lost',
    'lost answers',
    'duplicates',
    'delays',
    'human edits',
    'moves by hand',
    'label edits',
    'deletions',
    'dependency failures',
    'kill switches',
    'pauses',
    'aborts',
    'leases taken again',
    'zombies',
    'bursts',
    'bursts decided by health',
    'slot turns',
    'messages of older turns',
    'half-made plans',
    'gates lost early',
    'tests superseded',
  ],
  setting: drawSetting,
  begin: beginScript,
};
