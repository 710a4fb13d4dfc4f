import type { ReasonCode } from '../domain/verdict.ts';

/** What a command that mends something is about. */
export interface MendSubject {
  /** The service's name in the config. */
  readonly name: string;
  /** The revision that was judged; undefined: not known here. */
  readonly revision?: string | undefined;
  /** The options that name the records, such as `--records dl.db`; undefined: not known here. */
  readonly records?: string | undefined;
}

type Mend = (subject: MendSubject) => string;

/** A command of this program on the records that its reader uses. */
export function commandOn(command: string, { records }: Pick<MendSubject, 'records'>): string {
  return ['deploy-loop', command, ...(records ? [records] : [])].join(' ');
}

/** The command that ends what keeps the guard from writing, by the kind of it. */
export const lifts = {
  killed: (subject: MendSubject) => commandOn('unfreeze --all', subject),
  frozen: (subject: MendSubject) => commandOn(`unfreeze ${subject.name}`, subject),
  paused: (subject: MendSubject) => commandOn(`resume ${subject.name}`, subject),
} as const satisfies Record<string, Mend>;

/** The command that has a revision validated once more. */
export function rerunCommand(subject: MendSubject): string {
  const { name, revision = 'REVISION' } = subject;
  return commandOn(`rerun ${name} --revision ${revision} --why TEXT`, subject);
}

/** The command that gives a revision its users. */
export function promoteCommand(subject: MendSubject): string {
  const { name, revision = 'REVISION' } = subject;
  return commandOn(`promote ${name} --revision ${revision} --why TEXT`, subject);
}

/** What ends a freeze window for one revision. */
export const afterWindow: Mend = (subject) => `when it is over, or at once: ${promoteCommand(subject)}`;

/** The command that moves users back to a revision. */
export function rollbackCommand(subject: MendSubject): string {
  const { name, revision = 'REVISION' } = subject;
  return commandOn(`rollback ${name} --to ${revision} --why TEXT`, subject);
}

const byHand: Mend = ({ name, records }) => `move traffic manually: ${rollbackCommand({ name, records })}`;

const lifted =
  (kind: keyof typeof lifts): Mend =>
  (subject) =>
    `${lifts[kind](subject)}, then ${rerunCommand(subject)}`;

const nameGood: Mend = () =>
  'deploy a fix, or give a good revision its traffic; deploy-loop apply FILE then records it (without records: guard --stable REVISION)';

/** What mends a reason for which traffic was not moved, by its code. */
const mends: Partial<Record<ReasonCode, Mend>> = {
  killed: lifted('killed'),
  frozen: lifted('frozen'),
  paused: lifted('paused'),
  'freeze-window': afterWindow,
  'no-target': nameGood,
  'target-deleted': byHand,
  'target-not-ready': byHand,
  'target-denied': byHand,
  'target-too-old': byHand,
  'target-too-far': byHand,
  'target-unverified': byHand,
  'target-unreachable': byHand,
  'target-failing': byHand,
  loop: byHand,
  cooldown: byHand,
  'per-day': byHand,
};

/** What a person can do about it; undefined: the reason says all there is. */
export function mendOf(code: ReasonCode, subject: MendSubject): string | undefined {
  return mends[code]?.(subject);
}
