import { expect, it } from '@jest/globals';
import { tellSpeaker } from '../../../shared/domain/health/tell-speaker.ts';
import type { RevisionName } from '../../../shared/domain/ids.ts';

const [web1, web2] = ['web-1', 'web-2'] as RevisionName[] as [RevisionName, RevisionName];

it.each([
  ['of the one that was asked', 'web-2', [web2], 'asked'],
  ['of one of those that were asked', 'web-1', [web1, web2], 'asked'],
  ['of another', 'web-1', [web2], 'another'],
  ['of one whose name begins alike', 'web-21', [web2], 'another'],
  ['of another, where nobody was asked', 'web-1', [], 'another'],
  ['of nobody knows whom, without a name', undefined, [web2], 'unsaid'],
] as const)('an answer is %s', (_whose, named, asked, speaker) => {
  expect(tellSpeaker(named, asked)).toBe(speaker);
});
