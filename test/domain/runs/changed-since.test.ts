import { expect, it } from '@jest/globals';
import { changedSince } from '../../../shared/domain/runs/changed-since.ts';
import { aRun, aService, order, traffic } from '../entities.ts';

const run = aRun({ state: 'closed', candidate: order('web-2') });
const toStable = traffic({ 'web-1': 100 });

it.each<[string, Parameters<typeof changedSince>[1], Readonly<Record<string, number>>, object | undefined]>([
  ['as it was written', { traffic: toStable }, { 'web-1': 100 }, undefined],
  ['LATEST, which is the candidate', { traffic: traffic({ LATEST: 100 }) }, { LATEST: 100 }, undefined],
  ['other than what was written', { traffic: toStable }, { 'web-2': 100 }, { 'web-2': 100 }],
  ['as it was when nothing was written', { share: 100 }, { LATEST: 100 }, undefined],
  ['other than it was when nothing was written', { share: 100 }, { 'web-1': 100 }, { 'web-1': 100 }],
  ['not known when nobody looked', {}, { 'web-1': 100 }, undefined],
])('after a run, traffic is %s', (_what, left, split, changed) => {
  expect(changedSince(run, left, aService(split))).toEqual(changed);
});
