import type { Build } from '../../shared/domain/build.ts';
import type { RevisionSettings } from '../../shared/domain/diagnosis/revision-settings.ts';
import { PermanentError, TrafficChangedError, UnknownOutcomeError } from '../../shared/domain/errors.ts';
import type { LoggedRequest, LoggedRequests } from '../../shared/domain/health/request-log.ts';
import type { Etag, RevisionName, ServiceRef } from '../../shared/domain/ids.ts';
import type { LogEntries, LogEntry } from '../../shared/domain/log-evidence/log-entry.ts';
import type { Readiness, Revision } from '../../shared/domain/revision.ts';
import type { ServiceState, ServingTarget, TrafficTarget } from '../../shared/domain/service-state.ts';
import type { Builds } from '../../shared/ports/builds.ts';
import type { CloudRun, TrafficChange } from '../../shared/ports/cloud-run.ts';
import type { LogPart, Logs, RequestQuery } from '../../shared/ports/logs.ts';
import type { ProbeAnswer, ProbeRequest, Prober } from '../../shared/ports/prober.ts';
import type { FakeClock } from './fake-clock.ts';

/** What a revision answers, or how it fails to; asked at each probe. */
export type Behaviour = (request?: ProbeRequest) => ProbeAnswer;

export const answers = {
  good: (): ProbeAnswer => respond(200, '{"status":"healthy"}'),
  unavailable: (): ProbeAnswer => respond(503, 'upstream connect error'),
  degraded: (): ProbeAnswer => respond(200, '{"status":"degraded"}'),
  forbidden: (): ProbeAnswer =>
    respond(403, 'Your client does not have permission to get URL / from this server.'),
  refused: (): ProbeAnswer => ({
    kind: 'no-answer',
    cause: 'refused',
    latencyMs: 1,
    detail: 'connection refused',
  }),
  timeout: (): ProbeAnswer => ({
    kind: 'no-answer',
    cause: 'timeout',
    latencyMs: 5000,
    detail: 'no answer within 5000 ms',
  }),
  platformNotFound: (): ProbeAnswer => respond(404, 'The requested URL was not found on this server.'),
} as const;

export function respond(status: number, body: string, latencyMs = 20): ProbeAnswer {
  return { kind: 'answer', status, headers: {}, body, truncated: false, latencyMs, authenticated: false };
}

/** What happens to the next UpdateService call. */
export type WriteFault =
  /** Another write came first, with this effect on the service. */
  | { readonly kind: 'conflict'; readonly before?: () => void }
  /** It takes effect, and its answer is lost. */
  | { readonly kind: 'lost-answer'; readonly after?: () => void }
  /** It never arrives, and nobody can tell. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'refused' };

interface FakeRevision extends Revision {
  behaviour: Behaviour;
}

interface FakeService {
  readonly ref: ServiceRef;
  version: number;
  generation: bigint;
  annotations: Record<string, string>;
  traffic: TrafficTarget[];
  readonly revisions: FakeRevision[];
  routesChangedAt: Date;
  reconciling: boolean;
}

/** Cloud Run and Cloud Build in memory, with etags, readiness, LATEST and tags; consistent at once. */
export class FakeCloud implements CloudRun, Builds, Prober, Logs {
  readonly #clock: FakeClock;
  readonly #services = new Map<string, FakeService>();
  readonly builds = new Map<string, Build>();
  readonly writeFaults: WriteFault[] = [];
  /** True: a write with a tag on a deleted revision is refused, as by Cloud Run. */
  strictTags = false;
  /** Every write that took effect. */
  readonly writes: { readonly service: string; readonly traffic: readonly TrafficTarget[] }[] = [];
  /** What URLs outside Cloud Run answer. */
  readonly edges = new Map<string, Behaviour>();
  /** What users asked a revision, beside the guard's probes; asked for each window. */
  readonly users = new Map<string, (query: RequestQuery) => readonly LoggedRequest[]>();
  /** What becomes of the next readings of the request log, in order. */
  readonly logFaults: ('excluded' | Error)[] = [];
  /** What the platform and the containers of a revision wrote. */
  readonly entries = new Map<string, readonly LogEntry[]>();
  /** What becomes of the next readings of such entries, in order. */
  readonly entryFaults: Error[] = [];
  /** What a revision was made of; absent: an image of its own. */
  readonly settings = new Map<string, RevisionSettings>();
  readonly #probes: { readonly revision: string; readonly request: LoggedRequest }[] = [];
  /** Every probe. */
  readonly requests: ProbeRequest[] = [];

  /** Every URL that was probed. */
  get probed(): readonly string[] {
    return this.requests.map(({ url }) => url);
  }

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  /** Makes a revision as a deploy does: without traffic of its own unless LATEST has some. */
  deploy(
    ref: ServiceRef,
    name: string,
    options: Partial<Revision> & { behaviour?: Behaviour; readiness?: Readiness } = {},
  ): Revision {
    const { behaviour = answers.good, ...rest } = options;
    const revision: FakeRevision = {
      name: name as RevisionName,
      createTime: this.#clock.trueNow(),
      readiness: { kind: 'ready' },
      labels: {},
      minInstances: 0,
      creator: undefined,
      behaviour,
      ...rest,
    };
    const service = this.#services.get(ref.service) ?? this.#create(ref);
    service.revisions.unshift(revision);
    this.#touch(service, true);
    return revision;
  }

  /** Somebody other than the guard writes traffic. */
  editTraffic(ref: ServiceRef, traffic: readonly TrafficTarget[]): void {
    const service = this.#service(ref);
    service.traffic = [...traffic];
    this.#touch(service, true);
  }

  /** Something moves the etag: the platform's own reconciling (no new generation), or an edit of a label (a new one). */
  bump(ref: ServiceRef, { generation = false } = {}): void {
    const service = this.#service(ref);
    service.version++;
    if (generation) service.generation++;
  }

  has(ref: ServiceRef, name: string): boolean {
    return this.#service(ref).revisions.some((revision) => revision.name === name);
  }

  setReadiness(ref: ServiceRef, name: string, readiness: Readiness): void {
    Object.assign(this.#revision(ref, name), { readiness });
    this.#touch(this.#service(ref), false);
  }

  setReconciling(ref: ServiceRef, reconciling: boolean): void {
    this.#service(ref).reconciling = reconciling;
  }

  setLabels(ref: ServiceRef, name: string, labels: Readonly<Record<string, string>>): void {
    Object.assign(this.#revision(ref, name), { labels });
  }

  dropAnnotations(ref: ServiceRef): void {
    this.#service(ref).annotations = {};
  }

  /** Somebody writes annotations; the others stay. */
  annotate(ref: ServiceRef, annotations: Readonly<Record<string, string>>): void {
    Object.assign(this.#service(ref).annotations, annotations);
    this.#touch(this.#service(ref), true);
  }

  setBehaviour(ref: ServiceRef, name: string, behaviour: Behaviour): void {
    this.#revision(ref, name).behaviour = behaviour;
  }

  deleteRevision(ref: ServiceRef, name: string): void {
    const { revisions } = this.#service(ref);
    revisions.splice(revisions.indexOf(this.#revision(ref, name)), 1);
  }

  async getService(ref: ServiceRef): Promise<ServiceState | undefined> {
    const service = this.#services.get(ref.service);
    return service && this.#state(service);
  }

  async getRevision(ref: ServiceRef, revision: RevisionName): Promise<Revision | undefined> {
    return this.#services.get(ref.service)?.revisions.find((candidate) => candidate.name === revision);
  }

  async getSettings(ref: ServiceRef, revision: RevisionName): Promise<RevisionSettings | undefined> {
    if ((await this.getRevision(ref, revision)) === undefined) return undefined;
    return this.settings.get(revision) ?? new Map([['image', `image-of-${revision}`]]);
  }

  async listRevisions(ref: ServiceRef): Promise<Revision[]> {
    return [...(this.#services.get(ref.service)?.revisions ?? [])];
  }

  async getBuild(name: string): Promise<Build | undefined> {
    return this.builds.get(name);
  }

  async updateTraffic(ref: ServiceRef, change: TrafficChange): Promise<void> {
    const fault = this.writeFaults.shift();
    const service = this.#service(ref);
    if (fault?.kind === 'dropped') throw new UnknownOutcomeError('DEADLINE_EXCEEDED');
    if (fault?.kind === 'refused') throw new PermanentError('PERMISSION_DENIED');
    if (fault?.kind === 'conflict') {
      service.version++;
      fault.before?.();
    }
    const dead = change.traffic.find(
      (target) => target.revision && !service.revisions.some((known) => known.name === target.revision),
    );
    if (this.strictTags && dead)
      throw new PermanentError(`Revision ${dead.revision} does not exist or is deleted`);
    if (change.etag !== etagOf(service)) throw new TrafficChangedError(`version ${change.etag} is stale`);
    service.traffic = [...change.traffic];
    service.annotations = { ...change.annotations };
    this.writes.push({ service: ref.service, traffic: change.traffic });
    this.#touch(service, true);
    if (fault?.kind === 'lost-answer') {
      fault.after?.();
      throw new UnknownOutcomeError('UNAVAILABLE');
    }
  }

  async probe(request: ProbeRequest): Promise<ProbeAnswer> {
    this.requests.push(request);
    const edge = this.edges.get(request.url);
    if (edge) return edge();
    const host = new URL(request.url).hostname.replace('.run.test', '');
    const [tag, name] = host.includes('---') ? host.split('---') : [undefined, host];
    const service = this.#services.get(name ?? '');
    if (!service) return answers.platformNotFound();
    const serving = this.#state(service).serving;
    const target =
      tag === undefined
        ? serving.find((entry) => entry.percent > 0)
        : serving.find((entry) => entry.tag === tag);
    const revision = service.revisions.find((candidate) => candidate.name === target?.revision);
    if (!revision) return answers.platformNotFound();
    const answer = revision.behaviour(request);
    const status = answer.kind === 'answer' ? answer.status : 503;
    const logged = {
      at: this.#clock.trueNow(),
      status,
      latencyMs: answer.latencyMs,
      userAgent: 'deploy-loop',
    };
    this.#probes.push({ revision: revision.name, request: logged });
    return answer;
  }

  async listRequests(query: RequestQuery): Promise<LoggedRequests> {
    const fault = this.logFaults.shift();
    if (fault instanceof Error) throw fault;
    if (fault === 'excluded') return { requests: [], complete: true };
    const own = this.#probes.filter(
      ({ revision, request }) =>
        revision === query.revision && request.at >= query.from && request.at < query.to,
    );
    const users = this.users.get(query.revision)?.(query) ?? [];
    return { requests: [...own.map(({ request }) => request), ...users], complete: true };
  }

  async listEntries(query: RequestQuery, part: LogPart): Promise<LogEntries> {
    const fault = this.entryFaults.shift();
    if (fault) throw fault;
    const own = (this.entries.get(query.revision) ?? []).filter(
      ({ at, source }) => at >= query.from && at < query.to && (source === 'output') === (part === 'output'),
    );
    return { entries: own, complete: true };
  }

  #create(ref: ServiceRef): FakeService {
    const routesChangedAt = this.#clock.trueNow();
    const service = {
      ref,
      version: 1,
      generation: 1n,
      annotations: {},
      traffic: [],
      revisions: [],
      routesChangedAt,
      reconciling: false,
    };
    this.#services.set(ref.service, service);
    return service;
  }

  #touch(service: FakeService, generation: boolean): void {
    service.version++;
    if (generation) service.generation++;
    service.routesChangedAt = this.#clock.trueNow();
  }

  #state(service: FakeService): ServiceState {
    const latestReady = service.revisions.find((revision) => revision.readiness.kind === 'ready')?.name;
    const spec = service.traffic.length > 0 ? service.traffic : [{ percent: 100 }];
    const serving = spec.flatMap((target): ServingTarget[] => {
      const revision = target.revision ?? latestReady;
      if (revision === undefined) return [];
      const uri =
        target.tag === undefined ? undefined : `https://${target.tag}---${service.ref.service}.run.test`;
      return [{ revision, percent: target.percent, tag: target.tag, uri }];
    });
    return {
      ref: service.ref,
      etag: etagOf(service),
      generation: service.generation,
      uri: `https://${service.ref.service}.run.test`,
      annotations: service.annotations,
      traffic: service.traffic,
      serving,
      latestReadyRevision: latestReady,
      latestCreatedRevision: service.revisions[0]?.name,
      reconciling: service.reconciling,
      routesChangedAt: service.routesChangedAt,
    };
  }

  #service(ref: ServiceRef): FakeService {
    const service = this.#services.get(ref.service);
    if (!service) throw new Error(`no service ${ref.service}`);
    return service;
  }

  #revision(ref: ServiceRef, name: string): FakeRevision {
    const revision = this.#service(ref).revisions.find((candidate) => candidate.name === name);
    if (!revision) throw new Error(`no revision ${name}`);
    return revision;
  }
}

function etagOf(service: FakeService): Etag {
  return `"${service.version}"` as Etag;
}
