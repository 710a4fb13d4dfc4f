import { type JobRef, jobNameOf } from '../../../shared/domain/checks/job-ref.ts';
import { containerOf } from '../run/container-of.ts';
import { timestampOf } from '../timestamp.ts';
import { applyOverrides } from './apply-overrides.ts';
import type { JobPlatform } from './job-platform.ts';
import type { JobSpec, RunOverrides } from './job-spec.ts';
import { LocalExecution } from './local-execution.ts';

/** Without vowels, as in Cloud Run's own names. */
const idAlphabet = 'bcdfghjklmnpqrstvwxz2456789';

/** One job, and the executions of it. */
export class LocalJob {
  readonly ref: JobRef;
  readonly #spec: JobSpec;
  readonly #platform: JobPlatform;
  readonly #createTime = new Date();
  readonly #executions = new Map<string, LocalExecution>();

  constructor(ref: JobRef, spec: JobSpec, platform: JobPlatform) {
    this.ref = ref;
    this.#spec = spec;
    this.#platform = platform;
  }

  /** Oldest first. */
  get executions(): readonly LocalExecution[] {
    return [...this.#executions.values()];
  }

  find(executionName: string): LocalExecution | undefined {
    return this.#executions.get(executionName);
  }

  /** @throws {RpcError} overrides that Cloud Run does not take */
  run(overrides: RunOverrides, neverStarts = false): LocalExecution {
    const spec = applyOverrides(this.#spec, overrides);
    const template = { labels: {}, annotations: {}, containers: [spec.container] };
    const execution = new LocalExecution({
      ref: this.ref,
      id: `${this.ref.job}-${this.#platform.random.text(5, idAlphabet)}`,
      spec,
      container: containerOf(template, this.#platform.images),
      platform: this.#platform,
      neverStarts,
    });
    this.#executions.set(execution.name, execution);
    return execution;
  }

  /** As google.cloud.run.v2.Job. */
  render(): object {
    const { labels, annotations, template } = this.#spec;
    const { timeoutMs, ...task } = { ...template.template, timeoutMs: template.template.timeout };
    return {
      name: jobNameOf(this.ref),
      createTime: timestampOf(this.#createTime),
      labels: labels ?? {},
      annotations: annotations ?? {},
      template: { ...template, template: { ...task, timeout: { seconds: timeoutMs / 1_000 } } },
      executionCount: this.#executions.size,
      terminalCondition: {
        type: 'Ready',
        state: 'CONDITION_SUCCEEDED',
        lastTransitionTime: timestampOf(this.#createTime),
      },
    };
  }

  /** Ends every execution at once. */
  async stop(): Promise<void> {
    for (const execution of this.executions) execution.cancel(0);
    await Promise.all(this.executions.map(({ ended }) => ended));
  }
}
