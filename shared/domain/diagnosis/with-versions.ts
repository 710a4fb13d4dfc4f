import type { RevisionName } from '../ids.ts';
import type { GroupFinding } from '../records/group-finding.ts';
import { describeGroup } from '../runs/compare-versions.ts';
import type { Incident } from './evidence.ts';

/**
 * The evidence of a revision's failure, and the versions of its group if they differed. What serves after its rollback
 * explains nothing.
 */
export function withVersions(
  incident: Incident,
  finding: GroupFinding | undefined,
  failed: RevisionName,
): Incident {
  if (finding?.versions !== 'different') return incident;
  if (finding.members.every(({ revision }) => revision !== failed)) return incident;
  const { group, at } = finding;
  const text = `group ${describeGroup(finding)}`;
  return {
    ...incident,
    evidence: [...incident.evidence, { ref: `group:${group}`, source: 'verdict', text, at }],
  };
}
