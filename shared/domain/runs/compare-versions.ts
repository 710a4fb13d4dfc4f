import type { GroupFinding, GroupMember, VersionComparison } from '../records/group-finding.ts';

/** The shortest abbreviation of a commit that git writes. */
const shortestCommit = 7;

/** @param sameVersion what tells a version: a commit may be abbreviated */
export function compareVersions(
  sameVersion: string,
  members: readonly Pick<GroupMember, 'version'>[],
): VersionComparison {
  const known = members.flatMap(({ version }) => version ?? []);
  const alike = sameVersion === 'commit' ? isSameCommit : (a: string, b: string) => a === b;
  if (known.some((version) => known.some((other) => !alike(version, other)))) return 'different';
  return known.length === members.length ? 'same' : 'unknown';
}

function isSameCommit(a: string, b: string): boolean {
  const [short = '', long = ''] = [a.toLowerCase(), b.toLowerCase()].sort((x, y) => x.length - y.length);
  return short === long || (short.length >= shortestCommit && long.startsWith(short));
}

/** For people, in one line: `shop: not the same version yet: web web-2 is 7, backend backend-4 is 6`. */
export function describeGroup({ group, sameVersion, versions, members, runId }: GroupFinding): string {
  if (versions === 'same') return `${group}: all are ${wordOf(sameVersion)} ${members[0]?.version}`;
  // In a rollout they are deployed one after another.
  const isUnderWay = members.some((member) => member.isOpen && member.runId !== runId);
  const what =
    versions === 'different'
      ? `not the same version${isUnderWay ? ' yet' : ''}`
      : 'not all versions are known';
  return `${group}: ${what}: ${members.map((member) => describeMember(member, sameVersion)).join(', ')}`;
}

function describeMember({ name, revision, version, unread }: GroupMember, sameVersion: string): string {
  if (unread !== undefined) return `${name} is not known (${unread})`;
  if (revision === undefined) return `${name} has no traffic`;
  return `${name} ${revision} ${version === undefined ? `has no ${wordOf(sameVersion)}` : `is ${version}`}`;
}

function wordOf(sameVersion: string): string {
  return sameVersion.replace(/^label:/, '');
}
