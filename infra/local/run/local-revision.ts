import { status } from '@grpc/grpc-js';
import type { ServiceRef } from '../../../shared/domain/ids.ts';
import { RevisionLog } from '../logging/revision-log.ts';
import { notReadyText, startFailureText } from '../platform-texts.ts';
import { RevisionRuntime } from '../process/revision-runtime.ts';
import { revisionName } from '../resource-names.ts';
import { RpcError } from '../rpc-error.ts';
import { timestampOf } from '../timestamp.ts';
import { type Condition, type ConditionStatus, renderCondition, transition } from './condition.ts';
import { containerOf, startTimeoutMsOf } from './container-of.ts';
import type { Platform } from './platform.ts';
import type { TemplateSpec } from './service-spec.ts';

export interface RevisionOptions {
  readonly ref: ServiceRef;
  readonly name: string;
  readonly template: TemplateSpec;
  readonly createTime: Date;
  readonly generation: number;
  readonly creator: string;
}

/** One revision: what it was made of, how it fares, and the process behind it. */
export class LocalRevision {
  readonly name: string;
  readonly template: TemplateSpec;
  readonly createTime: Date;
  /** Undefined: its image does not exist, so there is nothing to run. */
  readonly runtime: RevisionRuntime | undefined;
  readonly #options: RevisionOptions;
  readonly #uid: string;
  #etag: string;
  #ready: Condition;
  #healthy: Condition;

  constructor(platform: Platform, options: RevisionOptions) {
    const { name, template, createTime, ref } = options;
    this.name = name;
    this.template = template;
    this.createTime = createTime;
    this.#options = options;
    this.#uid = platform.random.uuid();
    this.#etag = `"${platform.random.text(24)}"`;
    const pending = { state: 'CONDITION_PENDING', lastTransitionTime: createTime } as const;
    this.#ready = { type: 'Ready', ...pending };
    this.#healthy = { type: 'ContainerHealthy', ...pending };
    const container = containerOf(template, platform.images);
    if (container === undefined) return;
    const log = new RevisionLog(platform.logging, ref, name);
    this.runtime = new RevisionRuntime({
      ...platform,
      container,
      containerName: template.containers[0]?.name ?? `${ref.service}-1`,
      platformEnv: { K_SERVICE: ref.service, K_REVISION: name, K_CONFIGURATION: ref.service },
      startTimeoutMs: startTimeoutMsOf(template) ?? platform.profile.startTimeoutMs,
      minInstances: template.scaling?.minInstanceCount ?? 0,
      onLine: (line) => log.line(line),
      onRequest: (request) => log.request(request),
    });
  }

  get ready(): boolean {
    return this.#ready.state === 'CONDITION_SUCCEEDED' && this.#ready.revisionReason !== 'RETIRED';
  }

  /** Why it is not ready; empty while it starts. */
  get message(): string {
    return this.#ready.message ?? '';
  }

  /** Starts the container. @returns undefined when it listens, else what a deploy is told */
  async start(): Promise<RpcError | undefined> {
    const failure = await this.#tryStart();
    if (failure === undefined) {
      this.#conclude({ state: 'CONDITION_SUCCEEDED' });
      return undefined;
    }
    this.#conclude(failure);
    return new RpcError(status.FAILED_PRECONDITION, notReadyText(this.name, failure.message));
  }

  async #tryStart(): Promise<(ConditionStatus & { message: string }) | undefined> {
    const state = 'CONDITION_FAILED';
    if (this.runtime === undefined) {
      const image = this.template.containers[0]?.image ?? '';
      return { state, reason: 'CONTAINER_MISSING', message: `Image '${image}' not found.` };
    }
    if (await this.runtime.start()) return undefined;
    return { state, revisionReason: 'HEALTH_CHECK_CONTAINER_ERROR', message: startFailureText };
  }

  /** The platform's clean-up of a revision nobody uses: it then reads as Ready, with the reason RETIRED. */
  async retire(): Promise<void> {
    this.#ready = transition(
      this.#ready,
      { state: 'CONDITION_SUCCEEDED', revisionReason: 'RETIRED' },
      new Date(),
    );
    await this.runtime?.stop(0);
  }

  /** As google.cloud.run.v2.Revision. */
  render(): object {
    const { ref, template, createTime, generation, creator } = this.#options;
    const { revision: _, ...spec } = template;
    return {
      ...spec,
      name: revisionName(ref, this.name),
      service: ref.service,
      uid: this.#uid,
      etag: this.#etag,
      creator,
      generation: String(generation),
      observedGeneration: String(generation),
      createTime: timestampOf(createTime),
      updateTime: timestampOf(this.#ready.lastTransitionTime),
      reconciling: this.#ready.state === 'CONDITION_PENDING',
      conditions: [this.#ready, this.#healthy].map(renderCondition),
    };
  }

  #conclude(to: ConditionStatus): void {
    const now = new Date();
    this.#ready = transition(this.#ready, to, now);
    this.#healthy = transition(this.#healthy, to, now);
  }
}
