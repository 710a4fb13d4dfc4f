import type { GroupFinding } from '../records/group-finding.ts';
import { describeGroup } from '../runs/compare-versions.ts';
import type { Incident } from './evidence.ts';

/** The evidence of a failure, and the versions of the group if they differed. */
export function withVersions(incident: Incident, finding: GroupFinding | undefined): Incident {
  if (finding?.versions !== 'different') return incident;
  const { group, at } = finding;
  const evidence = {
    ref: `group:${group}`,
    source: 'verdict',
    text: `group ${describeGroup(finding)}`,
    at,
  } as const;
  return { ...incident, evidence: [...incident.evidence, evidence] };
}
