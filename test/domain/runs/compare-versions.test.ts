import { describe, expect, it } from '@jest/globals';
import type { RevisionName, RunId } from '../../../shared/domain/ids.ts';
import type { GroupMember } from '../../../shared/domain/records/group-finding.ts';
import { compareVersions, describeGroup } from '../../../shared/domain/runs/compare-versions.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

describe('the versions of a group', () => {
  it.each([
    ['label:version', ['7', '7'], 'same'],
    ['label:version', ['7', '8'], 'different'],
    ['label:version', ['7', '70'], 'different'],
    ['label:version', ['7', undefined], 'unknown'],
    ['label:version', ['7', undefined, '8'], 'different'],
    ['label:version', [undefined, undefined], 'unknown'],
    ['commit', [commit, commit.toUpperCase()], 'same'],
    ['commit', [commit, commit.slice(0, 7)], 'same'],
    ['commit', [commit, commit.slice(0, 6)], 'different'],
    ['commit', [commit, commit.slice(1)], 'different'],
  ] as const)('by %s: %j are %s', (sameVersion, versions, expected) => {
    const members = versions.map((version) => ({ version }));
    expect(compareVersions(sameVersion, members)).toBe(expected);
  });

  const web: GroupMember = {
    name: 'web',
    revision: 'web-2' as RevisionName,
    version: '2',
    runId: 'a' as RunId,
    isOpen: true,
  };
  const backend: GroupMember = {
    name: 'backend',
    revision: 'backend-1' as RevisionName,
    version: '1',
    runId: 'b' as RunId,
    isOpen: false,
  };
  const of = (...members: GroupMember[]) => {
    const sameVersion = 'label:version';
    const versions = compareVersions(sameVersion, members);
    return describeGroup({
      group: 'shop',
      sameVersion,
      runId: 'a' as RunId,
      versions,
      members,
      at: new Date(0),
    });
  };

  it.each([
    ['shop: all are version 2', [web, { ...backend, version: '2' }]],
    ['shop: not the same version: web web-2 is 2, backend backend-1 is 1', [web, backend]],
    [
      'shop: not the same version yet: web web-2 is 2, backend backend-1 is 1',
      [web, { ...backend, isOpen: true }],
    ],
    [
      'shop: not all versions are known: web web-2 is 2, backend backend-1 has no version',
      [web, { ...backend, version: undefined }],
    ],
    [
      'shop: not all versions are known: web web-2 is 2, backend has no traffic',
      [web, { name: 'backend', isOpen: false }],
    ],
    [
      'shop: not all versions are known: web web-2 is 2, backend is not known (UNAVAILABLE)',
      [web, { name: 'backend', isOpen: false, unread: 'UNAVAILABLE' }],
    ],
  ] as const)('are told: %s', (text, members) => {
    expect(of(...members)).toBe(text);
  });
});
