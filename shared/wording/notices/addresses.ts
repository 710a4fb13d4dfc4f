import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import type { StorySource } from '../../domain/notices/run-story.ts';
import type { RunBuild } from '../../domain/records/run.ts';

const console = 'https://console.cloud.google.com';
const minuteMs = 60_000;

/** The service's revisions in the Google Cloud console. */
export function revisionsAddress({ project, region, service }: ServiceRef): string {
  return `${console}/run/detail/${part(region)}/${part(service)}/revisions?project=${part(project)}`;
}

/** The log of one revision, from a minute before `from` until a minute after `to`. */
export function logAddress(ref: ServiceRef, revision: RevisionName, from: Date, to: Date): string {
  const filter = [
    'resource.type="cloud_run_revision"',
    `resource.labels.location=${JSON.stringify(ref.region)}`,
    `resource.labels.service_name=${JSON.stringify(ref.service)}`,
    `resource.labels.revision_name=${JSON.stringify(revision)}`,
    `timestamp>="${new Date(from.getTime() - minuteMs).toISOString()}"`,
    `timestamp<="${new Date(to.getTime() + minuteMs).toISOString()}"`,
  ].join('\n');
  return `${console}/logs/query;query=${part(filter)}?project=${part(ref.project)}`;
}

/** Undefined: the build's name is none that Cloud Build gives. */
export function buildAddress({ name }: Pick<RunBuild, 'name'>): string | undefined {
  const [, project, region, id] =
    /^projects\/([\w:.-]+)\/locations\/([\w-]+)\/builds\/([\w-]+)$/.exec(name) ?? [];
  if (!project || !region || !id) return undefined;
  return `${console}/cloud-build/builds;region=${region}/${id}?project=${project}`;
}

/** Undefined: the repository or the commit has no such name. */
export function commitAddress({ repository }: StorySource, commit: string): string | undefined {
  return isRepository(repository) && isCommit(commit)
    ? `https://github.com/${repository}/commit/${commit}`
    : undefined;
}

/** What the commit brings that stable does not have. */
export function compareAddress({ repository, commit, stableCommit }: StorySource): string | undefined {
  if (!commit || !stableCommit || ![commit, stableCommit].every(isCommit)) return undefined;
  return isRepository(repository)
    ? `https://github.com/${repository}/compare/${stableCommit}...${commit}`
    : undefined;
}

function isRepository(name: string): boolean {
  return /^[\w.-]+\/[\w.-]+$/.test(name);
}

function isCommit(hash: string): boolean {
  return /^[0-9a-f]{7,64}$/.test(hash);
}

/** Quotes and parentheses, too, which `encodeURIComponent` leaves. */
function part(value: string): string {
  return encodeURIComponent(value).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
}
