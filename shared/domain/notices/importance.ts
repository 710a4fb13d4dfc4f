import type { NoticeEventKind } from './notice-event.ts';

/** What goes first where others limit how much is sent: what users suffer from, then what was done, then the rest. */
export const importances = {
  unrestored: 0,
  rollback: 1,
  failure: 2,
  status: 3,
  solved: 4,
  comment: 5,
} as const;

const eventImportances: Readonly<Record<NoticeEventKind, number>> = {
  unrestored: importances.unrestored,
  'rolled-back': importances.rollback,
  'alarm-opened': importances.rollback,
  'inconclusive-serving': importances.failure,
  'freeze-set': importances.failure,
  'freeze-lifted': importances.status,
  'pin-released': importances.status,
  'alarm-closed': importances.solved,
  promoted: importances.solved,
};

export function importanceOfEvent(kind: NoticeEventKind): number {
  return eventImportances[kind];
}
