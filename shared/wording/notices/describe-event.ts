import type { NoticeEvent, NoticeEventKind } from '../../domain/notices/notice-event.ts';

type Words = (event: NoticeEvent) => string;

const revisionOf: Words = ({ revision }) => revision ?? 'a revision';
const by: Words = ({ actor }) => (actor === undefined ? '' : ` by ${actor}`);

/** A few words for each kind; the reason stands beside them. */
const headlines: Readonly<Record<NoticeEventKind, Words>> = {
  'rolled-back': (event) =>
    `rolled back ${revisionOf(event)}: traffic is back on ${event.target ?? 'a good revision'}`,
  unrestored: (event) => `users still get errors after the rollback of ${revisionOf(event)}`,
  'inconclusive-serving': (event) => `users get ${revisionOf(event)}, which could not be judged`,
  'alarm-opened': (event) => `alarm: ${revisionOf(event)} is not known to be good`,
  'alarm-closed': () => 'the alarm is over',
  promoted: (event) => `${revisionOf(event)} got its traffic${by(event)}`,
  'pin-released': (event) => `the pin was released${by(event)}`,
  'freeze-set': (event) => `frozen${by(event)}: nothing is written`,
  'freeze-lifted': (event) => `the freeze was lifted${by(event)}`,
};

/** `web: rolled back web-2: traffic is back on web-1` */
export function describeEvent(event: NoticeEvent): string {
  return `${event.name ?? 'all services'}: ${headlines[event.kind](event)}`;
}

/** Whether somebody should look now. */
export function isUrgent({ kind }: Pick<NoticeEvent, 'kind'>): boolean {
  return kind === 'unrestored' || kind === 'inconclusive-serving' || kind === 'alarm-opened';
}
