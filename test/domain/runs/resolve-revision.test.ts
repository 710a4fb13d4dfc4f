import { describe, expect, it } from '@jest/globals';
import type { RevisionName } from '../../../shared/domain/ids.ts';
import type { Revision } from '../../../shared/domain/revision.ts';
import {
  type HandOver,
  resolveRevision,
  type WatchedService,
} from '../../../shared/domain/runs/resolve-revision.ts';
import { aBuild, aRef } from '../../builders.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';
const account = 'build@acme-staging.iam.gserviceaccount.com';
const build = aBuild({
  triggerId: 'trigger-1',
  serviceAccount: account,
  substitutions: { TRIGGER_NAME: 'deploy-web', COMMIT_SHA: commit },
});
const end = build.finishTime?.getTime() ?? 0;

/** @param seconds from the end of the build */
function revision(name: string, seconds: number, labels: Record<string, string> = {}): Revision {
  return {
    name: name as RevisionName,
    createTime: new Date(end + seconds * 1000),
    readiness: { kind: 'ready' },
    labels,
    minInstances: 0,
    creator: undefined,
  };
}

function watch(revisions: Revision[], { service = 'web', triggers = [] as string[] } = {}): WatchedService {
  return { ref: { ...aRef, service }, triggers, revisions };
}

const ours = { 'gcb-build-id': build.id };
const others = { 'gcb-build-id': 'another' };

function found(watched: WatchedService[], handOvers: HandOver[] = []) {
  const resolution = resolveRevision(build, handOvers, watched);
  return resolution.kind === 'resolved'
    ? resolution.revisions.map((one) => `${one.ref.service}:${one.revision.name}:${one.by}`)
    : resolution.kind;
}

describe('resolveRevision', () => {
  it.each<[string, ReturnType<typeof found>, ReturnType<typeof found>]>([
    ['by label', found([watch([revision('web-2', -10, ours), revision('web-1', -90)])]), ['web:web-2:label']],
    [
      'the earliest of those that carry the label',
      found([watch([revision('web-3', 30, ours), revision('web-2', -10, ours)])]),
      ['web:web-2:label'],
    ],
    ['not a copy of the label from long after', found([watch([revision('web-9', 3600, ours)])]), 'none'],
    [
      'by the build window',
      found([watch([revision('web-2', -10), revision('web-1', -9999)])]),
      ['web:web-2:build-window'],
    ],
    ['after SUCCESS, within the slack', found([watch([revision('web-2', 59)])]), ['web:web-2:build-window']],
    ['not after the slack', found([watch([revision('web-2', 61)])]), 'none'],
    ["not another build's revision in the window", found([watch([revision('web-2', -10, others)])]), 'none'],
    ['by commit', found([watch([revision('web-2', -10, { 'commit-sha': commit })])]), ['web:web-2:commit']],
    [
      'not the same commit of long ago',
      found([watch([revision('web-2', -9999, { 'commit-sha': commit })])]),
      'none',
    ],
    [
      'by commit before a younger one in the window',
      found([watch([revision('web-3', -5), revision('web-2', -10, { 'commit-sha': commit })])]),
      ['web:web-2:commit'],
    ],
    [
      "by the build's account",
      found([watch([{ ...revision('web-2', -10), creator: account }])]),
      ['web:web-2:account'],
    ],
    [
      'not what somebody else made meanwhile',
      found([watch([{ ...revision('web-2', -10), creator: 'me@acme.test' }])]),
      'none',
    ],
    [
      'by trigger id',
      found([watch([revision('web-2', -10)], { triggers: ['trigger-1'] })]),
      ['web:web-2:build-window'],
    ],
    [
      'by trigger name',
      found([watch([revision('web-2', -10)], { triggers: ['deploy-web'] })]),
      ['web:web-2:build-window'],
    ],
    [
      "not of another trigger's service",
      found([watch([revision('web-2', -10)], { triggers: ['deploy-api'] })]),
      'none',
    ],
    [
      'nothing where two services may be meant',
      found([watch([revision('web-2', -10)]), watch([revision('api-2', -10)], { service: 'api' })]),
      'ambiguous',
    ],
    [
      'no neighbour beside a sure find',
      found([watch([revision('web-2', -10, ours)]), watch([revision('api-2', -10)], { service: 'api' })]),
      ['web:web-2:label'],
    ],
    [
      'several services that carry the label',
      found([
        watch([revision('web-2', -10, ours)]),
        watch([revision('api-2', -10, ours)], { service: 'api' }),
      ]),
      ['web:web-2:label', 'api:api-2:label'],
    ],
  ])('finds %s', (_what, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  it('takes a hand-over only for a watched service and a revision that exists', () => {
    const watched = [watch([revision('web-2', -10), revision('web-1', -9999)])];
    const handOver = (changes: Partial<HandOver>): HandOver => ({
      ...aRef,
      revision: 'web-1' as RevisionName,
      ...changes,
    });
    expect(found(watched, [handOver({})])).toEqual(['web:web-1:hand-over']);
    expect(found(watched, [handOver({ service: 'payments' })])).toEqual(['web:web-2:build-window']);
    expect(found(watched, [handOver({ revision: 'web-9' as RevisionName })])).toEqual([
      'web:web-2:build-window',
    ]);
  });
});
