import { describe, expect, it } from '@jest/globals';
import { diagnoseIncident } from '../../../shared/domain/diagnosis/diagnose-incident.ts';
import type { Incident } from '../../../shared/domain/diagnosis/evidence.ts';
import { withVersions } from '../../../shared/domain/diagnosis/with-versions.ts';
import type { RevisionName, RunId } from '../../../shared/domain/ids.ts';
import type { GroupFinding } from '../../../shared/domain/records/group-finding.ts';

const failed = 'web-2' as RevisionName;
const incident: Incident = { evidence: [{ ref: 'reason:0', source: 'verdict', text: 'HTTP 503' }] };
const finding: GroupFinding = {
  group: 'shop',
  sameVersion: 'label:version',
  runId: 'a' as RunId,
  versions: 'different',
  members: [
    { name: 'web', revision: failed, version: '2', isOpen: false },
    { name: 'backend', revision: 'backend-1' as RevisionName, version: '1', isOpen: true },
  ],
  at: new Date(0),
};

describe('the versions of a group as evidence', () => {
  it.each(['yet', ''])('are the cause where nothing else is known %s', (yet) => {
    const members = finding.members.map((member) => ({ ...member, isOpen: yet === 'yet' }));
    const found = diagnoseIncident(withVersions(incident, { ...finding, members }, failed));
    expect(found).toMatchObject({ category: 'version-mismatch', confidence: 0.36 });
    expect(found.whys.map(({ question, evidence }) => [question, evidence])).toEqual([
      ['What was noticed?', ['reason:0', 'group:shop']],
      ['Why?', ['group:shop']],
    ]);
  });

  it.each([
    ['the versions are the same', { versions: 'same' }],
    ['not all versions are known', { versions: 'unknown' }],
    ['what serves after the rollback is meant', { members: finding.members.slice(1) }],
  ] as const)('are none where %s', (_what, changes) => {
    expect(withVersions(incident, { ...finding, ...changes }, failed)).toBe(incident);
  });

  it('are none where there is no group', () => {
    expect(withVersions(incident, undefined, failed)).toBe(incident);
  });

  it.each([["KeyError: 'QUEUE_URL'"], ['Error: connect ECONNREFUSED 127.0.0.1:5432']])(
    'cost what is known no likelihood: %s',
    (text) => {
      const logged: Incident = {
        evidence: [...incident.evidence, { ref: 'log:1', source: 'output', text, severity: 'ERROR' }],
      };
      const [alone, beside] = [logged, withVersions(logged, finding, failed)].map((incident) =>
        diagnoseIncident(incident),
      );
      expect(alone?.category).not.toBe('unknown');
      expect(beside).toMatchObject({ category: alone?.category, confidence: alone?.confidence });
    },
  );
});
