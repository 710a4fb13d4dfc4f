import type { RevisionName, RunId } from '../../../shared/domain/ids.ts';
import type { NoticeEvent, NoticeEventKind } from '../../../shared/domain/notices/notice-event.ts';
import { aRef } from '../../builders.ts';
import { at } from './stories.ts';

const runId = '0733e0d708b11b8bc2db' as RunId;
const web1 = 'web-1' as RevisionName;
const web2 = 'web-2' as RevisionName;

function anEvent(kind: NoticeEventKind, changes: Partial<NoticeEvent>): NoticeEvent {
  return { id: `${runId}.${kind}`, kind, at: at(16.2), name: 'web', ref: aRef, why: '', ...changes };
}

/** One of each kind. */
export const events: Readonly<Record<NoticeEventKind, NoticeEvent>> = {
  'rolled-back': anEvent('rolled-back', {
    revision: web2,
    target: web1,
    runId,
    code: 'wrong-status',
    why: 'HTTP 503, expected 200; the same probe passes on the stable revision',
    undo: 'gcloud run services update-traffic web --project=acme-staging --region=us-central1 --to-latest',
    reportUrl: `https://deploy-loop.example.com/runs/${runId}?a=1&b=2`,
    issueUrl: 'https://github.com/acme/shop/issues/12',
  }),
  unrestored: anEvent('unrestored', {
    revision: web2,
    target: web1,
    runId,
    code: 'unrestored',
    why: 'web-1 answers HTTP 500 at 5 looks in a row',
  }),
  'inconclusive-serving': anEvent('inconclusive-serving', {
    revision: web2,
    runId,
    code: 'dependency',
    why: 'the stable revision fails too: HTTP 503, expected 200',
  }),
  'alarm-opened': anEvent('alarm-opened', {
    revision: web2,
    code: 'unverified-revision',
    why: 'web-2 serves 100 % and is not recorded as good',
  }),
  'alarm-closed': anEvent('alarm-closed', { revision: web2, why: 'web-2 is recorded as good' }),
  promoted: anEvent('promoted', {
    revision: web2,
    runId,
    actor: 'ann@example.com',
    code: 'promoted',
    why: 'web-2 has 100 % of the traffic',
  }),
  'pin-released': anEvent('pin-released', { revision: web2, why: 'a good deploy has released it' }),
  'freeze-set': anEvent('freeze-set', { actor: 'ann@example.com', why: 'incident 42' }),
  'freeze-lifted': anEvent('freeze-lifted', {
    name: undefined,
    ref: undefined,
    actor: 'ann@example.com',
    why: 'incident 42 is over',
  }),
};
