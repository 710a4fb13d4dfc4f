import { MemoryBus } from '../../shared/adapters/memory/memory-bus.ts';
import { MemoryStore } from '../../shared/adapters/memory/memory-store.ts';
import type { Config } from '../../shared/contracts/config.ts';
import { documentIn } from '../../shared/contracts/document.ts';
import type { Hop, MessageOf } from '../../shared/contracts/messages.ts';
import {
  decisions,
  type RunRecord,
  runs,
  type ServiceRecord,
  services,
} from '../../shared/contracts/records.ts';
import type { Build } from '../../shared/domain/build.ts';
import type { HealthFact } from '../../shared/domain/health/health-fact.ts';
import {
  type BuildId,
  type ConfigDigest,
  hashOf,
  type RevisionName,
  type RunId,
  runIdOf,
  type ServiceRef,
  serviceKeyOf,
} from '../../shared/domain/ids.ts';
import { canonicalJson } from '../../shared/domain/json.ts';
import { orderOf, type Revision } from '../../shared/domain/revision.ts';
import type { Asker } from '../../shared/domain/runs/plan-attempt.ts';
import {
  type ServiceState,
  servingSplit,
  type TrafficSplit,
  type TrafficTarget,
} from '../../shared/domain/service-state.ts';
import type { Stage } from '../../shared/domain/stages.ts';
import type { Conversation } from '../../shared/domain/websocket/conversation.ts';
import type { CloudRun } from '../../shared/ports/cloud-run.ts';
import type { Logger } from '../../shared/ports/logger.ts';
import type { Ports } from '../../shared/ports/ports.ts';
import { create, type Store } from '../../shared/ports/store.ts';
import type { ConversationRequest } from '../../shared/ports/web-sockets.ts';
import { deliverInProcess } from '../../shared/runtime/deliver.ts';
import { putInForce, storeConfig } from '../../shared/services/apply-config.ts';
import { loadHealthFacts } from '../../shared/services/health/load-health-facts.ts';
import { loadControls, whyFrozen } from '../../shared/services/records/load-controls.ts';
import { nextAttempt } from '../../shared/services/runs/next-attempt.ts';
import { aBuild, aConfig, aRef } from '../builders.ts';
import { FakeChecks } from './fake-checks.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeCloud } from './fake-cloud.ts';
import { FakeNotifier } from './fake-notifier.ts';
import { FakeRandom } from './fake-random.ts';
import { FakeScm } from './fake-scm.ts';
import { grantedPorts } from './granted-ports.ts';

export const silent: Logger = { info() {}, warn() {}, error() {}, child: () => silent };

/** The whole loop in one process on fakes: a cloud, a clock, a store and a bus. */
export class World {
  readonly clock = new FakeClock();
  readonly cloud = new FakeCloud(this.clock);
  readonly checks = new FakeChecks(this.clock);
  readonly scm = new FakeScm();
  readonly notifier = new FakeNotifier();
  readonly bus = new MemoryBus(this.clock, silent, { maxDeliveries: 8, firstBackoffMs: 1_000 });
  readonly store: Store;
  readonly ports: Ports;
  readonly ref = aRef;
  readonly #violations: string[] = [];
  /** What comes of conversations over WebSockets. */
  converse: (request: ConversationRequest) => Conversation = () => {
    throw new TypeError('nobody is asked to talk');
  };

  protected constructor(wrap: (store: Store) => Store) {
    this.store = wrap(new MemoryStore(this.clock));
    const { store, bus, cloud, clock } = this;
    this.ports = {
      store,
      bus,
      run: cloud,
      builds: cloud,
      logs: cloud,
      prober: cloud,
      sockets: { converse: async (request) => this.converse(request) },
      checks: this.checks,
      scm: this.scm,
      notifier: this.notifier,
      clock,
      random: new FakeRandom(),
      log: silent,
    };
    this.bus.connect((hop, message) => this.#handle(hop, message, this.ports));
  }

  /** @param wrap what stands between the services and the memory store, such as a counter or a fault */
  static async create({
    config = aConfig(),
    wrap = (store: Store) => store,
  }: {
    config?: Config;
    wrap?: (store: Store) => Store;
  } = {}): Promise<World> {
    const world = new World(wrap);
    await world.applyConfig(config);
    return world;
  }

  async applyConfig(config: Config = aConfig()): Promise<void> {
    const digest = hashOf(canonicalJson(config)) as ConfigDigest;
    await storeConfig(config, digest, this.ports);
    await putInForce(digest, this.ports);
  }

  /** A revision that serves and that the guard has recorded as good, with its standing tag. */
  async deployGood(name = 'web-1'): Promise<Revision> {
    const revision = this.cloud.deploy(this.ref, name);
    this.cloud.editTraffic(this.ref, [
      { percent: 100 },
      { revision: revision.name, percent: 0, tag: 'deploy-loop-stable' },
    ]);
    await this.recordGood(revision);
    await this.clock.sleep(3_600_000);
    return revision;
  }

  async recordGood(revision: Revision): Promise<void> {
    const runId = runIdOf(this.ref, revision.name, 1);
    const good = { ...orderOf(revision), runId, at: this.clock.now(), short: false };
    const ref = documentIn(services, serviceKeyOf(this.ref));
    await this.store.commit([create(ref, { ref: this.ref, name: 'web', lastGood: [good], rollbacks: [] })]);
  }

  /** Cloud Build's build that made `revision`, with the label on it. @returns its name */
  addBuild(changes: Partial<Build> = {}): string {
    const now = this.clock.trueNow();
    const id = changes.id ?? buildIdFor(this.cloud.builds.size + 1);
    const build = aBuild({ startTime: new Date(now.getTime() - 300_000), finishTime: now, ...changes, id });
    this.cloud.builds.set(build.name, build);
    return build.name;
  }

  /** A deploy that a build made: the revision carries the build's id. */
  deployByBuild(name: string, options: Parameters<FakeCloud['deploy']>[2] = {}): string {
    const id = buildIdFor(this.cloud.builds.size + 1);
    this.cloud.deploy(this.ref, name, { ...options, labels: { 'gcb-build-id': id, ...options.labels } });
    return this.addBuild({ id, status: options.readiness?.kind === 'failed' ? 'FAILURE' : 'SUCCESS' });
  }

  /** What a deploy with `--no-traffic` leaves: everything by name, nothing on LATEST. */
  async fixTraffic(...split: readonly (readonly [revision: string, percent: number])[]): Promise<void> {
    const percents = split.map(([revision, percent]) => ({ revision: revision as RevisionName, percent }));
    this.cloud.editTraffic(this.ref, [...percents, ...(await this.tags())]);
  }

  async publish<H extends Hop>(hop: H, message: MessageOf<H>): Promise<void> {
    await this.bus.publish(hop, message);
  }

  /** Delivers a build's message and everything that follows from it. */
  async finishBuild(name: string): Promise<void> {
    await this.publish('begin-validation', { kind: 'build', name });
    await this.bus.idle();
  }

  /** Asks for a run as `apply`, the sweep or a person would. @returns false: none is due */
  async ask(revision: string, asker: Asker): Promise<boolean> {
    const name = revision as RevisionName;
    const next = await nextAttempt(this.ref, name, asker, this.ports);
    if (next.kind !== 'open') return false;
    await this.publish('begin-validation', {
      kind: 'revision',
      ref: this.ref,
      revision: name,
      openedBy: asker,
      attempt: next.attempt,
    });
    await this.bus.idle();
    return true;
  }

  /** Puts something between the services and a port from now on. */
  intercept(change: (ports: Ports, hop: Hop) => Partial<Ports>): void {
    this.bus.connect((hop, message) =>
      this.#handle(hop, message, { ...this.ports, ...change(this.ports, hop) }),
    );
  }

  /** Changes what services read of the service; everything else of Cloud Run stays. */
  interceptService(see: (state: ServiceState) => ServiceState): void {
    const run = this.cloudPort();
    const getService: CloudRun['getService'] = async (ref) => {
      const state = await run.getService(ref);
      return state && see(state);
    };
    this.intercept(() => ({ run: { ...run, getService } }));
  }

  /** The fake Cloud Run as a plain port, to change single methods of. */
  cloudPort(): CloudRun {
    const { cloud } = this;
    return {
      getService: (ref) => cloud.getService(ref),
      getRevision: (ref, name) => cloud.getRevision(ref, name),
      getSettings: (ref, name) => cloud.getSettings(ref, name),
      listRevisions: (ref) => cloud.listRevisions(ref),
      updateTraffic: (ref, change) => cloud.updateTraffic(ref, change),
    };
  }

  /**
   * With what the account of the hop may, and no more. A violation fails this delivery and all that follow: another
   * delivery may do without.
   */
  async #handle<H extends Hop>(hop: H, message: MessageOf<H>, ports: Ports): Promise<void> {
    await deliverInProcess(
      hop,
      message,
      grantedPorts(hop, ports, (violation) => this.#violations.push(violation)),
    );
    if (this.#violations.length > 0) throw new Error(this.#violations.join('; '));
  }

  async tags(): Promise<readonly TrafficTarget[]> {
    const state = await this.cloud.getService(this.ref);
    return (
      state?.traffic
        .filter((target) => target.tag !== undefined)
        .map((target) => ({ ...target, percent: 0 })) ?? []
    );
  }

  async sweep(): Promise<void> {
    await this.publish('sweep-stale-runs', {});
    await this.bus.idle();
  }

  runIdOf(revision: string, attempt = 1): RunId {
    return runIdOf(this.ref, revision as RevisionName, attempt);
  }

  async run(revision: string, attempt = 1): Promise<RunRecord | undefined> {
    return (await this.store.get(documentIn(runs, this.runIdOf(revision, attempt))))?.data;
  }

  async decision(revision: string, stage: Stage) {
    return (await this.store.get(documentIn(decisions, `${this.runIdOf(revision)}.${stage}`)))?.data;
  }

  /** What the traffic spec says, without tags. */
  async spec(): Promise<[revision: string, percent: number][]> {
    const state = await this.cloud.getService(this.ref);
    return (state?.traffic ?? [])
      .filter((target) => target.percent > 0)
      .map((target) => [target.revision ?? 'LATEST', target.percent]);
  }

  facts(revision: string, stage: Stage): Promise<readonly HealthFact[]> {
    return loadHealthFacts(this.store, this.runIdOf(revision), stage);
  }

  /** Why automatic writes are frozen; undefined: they are not. */
  async frozen(): Promise<string | undefined> {
    return whyFrozen(await loadControls(serviceKeyOf(this.ref), undefined, this.store));
  }

  async service(): Promise<ServiceRecord | undefined> {
    return (await this.store.get(documentIn(services, serviceKeyOf(this.ref))))?.data;
  }

  async serving(ref: ServiceRef = this.ref): Promise<TrafficSplit> {
    const state = await this.cloud.getService(ref);
    return state ? servingSplit(state) : {};
  }
}

function buildIdFor(n: number): BuildId {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as BuildId;
}
