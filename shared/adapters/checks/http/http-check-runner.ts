import { durationMs } from '../../../contracts/duration.ts';
import {
  type HttpCheck,
  type HttpStep,
  type HttpSuite,
  stepsOf,
} from '../../../contracts/suites/http-suite.ts';
import { assertNever } from '../../../domain/assert-never.ts';
import { type CheckResult, maxDetailLength } from '../../../domain/checks/check-result.ts';
import { describeError } from '../../../domain/errors.ts';
import { isPlatformPage, platformsOwn } from '../../../domain/health/classify-response.ts';
import { excerpt } from '../../../domain/render/excerpt.ts';
import type { CheckBatch, Collected } from '../../../ports/check-runner.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { ProbeAnswer, Prober } from '../../../ports/prober.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import { DescribedChecks } from '../described-checks.ts';
import { Redactor } from '../redactor.ts';
import type { KindRunner } from '../suite-check-runner.ts';
import { buildRequest } from './build-request.ts';
import { captureValues } from './capture-values.ts';
import { checkAnswer, describeStatus, isExpectedStatus } from './check-answer.ts';

export interface HttpCheckRunnerPorts {
  readonly prober: Prober;
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

type Finding = Pick<CheckResult, 'outcome' | 'detail' | 'signature'>;

/** How a check's requests are sent. */
interface Sending extends Pick<CheckBatch, 'target' | 'session'> {
  readonly signal: AbortSignal;
}

/** Runs checks that the config describes, one request after another. */
export class HttpCheckRunner implements KindRunner<HttpSuite> {
  readonly #ports: HttpCheckRunnerPorts;
  readonly #described: DescribedChecks<HttpCheck>;

  constructor(ports: HttpCheckRunnerPorts) {
    this.#ports = ports;
    this.#described = new DescribedChecks(ports.secrets);
  }

  async collect(suite: HttpSuite): Promise<Collected> {
    return this.#described.collect(suite);
  }

  async run(
    { suite, ids, target, session }: CheckBatch & { readonly suite: HttpSuite },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#described.run(
      suite,
      ids,
      (check, { values }) => this.#execute(check, suite, { target, session, signal }, values),
      tell,
      signal,
    );
  }

  async #execute(
    check: HttpCheck,
    suite: HttpSuite,
    sending: Sending,
    secrets: ReadonlyMap<string, string>,
  ): Promise<CheckResult> {
    const { clock } = this.#ports;
    const startedMs = clock.monotonicMs();
    const execution = new HttpExecution(sending, secrets, this.#ports.prober);
    const steps = stepsOf(check);
    let found: Finding = { outcome: 'passed' };
    for (const [n, step] of steps.entries()) {
      const leftMs = durationMs(suite.timeout) - (clock.monotonicMs() - startedMs);
      found = await execution.step(step, leftMs);
      if (found.outcome === 'passed') continue;
      if (steps.length > 1 && found.detail !== undefined)
        found = { ...found, detail: `step ${n + 1} of ${steps.length}: ${found.detail}` };
      break;
    }
    const durationOf = clock.monotonicMs() - startedMs;
    const { requests, latencyMs } = execution;
    return { id: check.name, ...found, durationMs: durationOf, requests, latencyMs };
  }
}

/** One execution of a check: what its steps have captured, and how long they waited. */
class HttpExecution {
  requests = 0;
  latencyMs: number | undefined;
  readonly #sending: Sending;
  readonly #prober: Prober;
  readonly #values: Map<string, string>;

  constructor(sending: Sending, secrets: ReadonlyMap<string, string>, prober: Prober) {
    this.#sending = sending;
    this.#prober = prober;
    this.#values = new Map(secrets);
  }

  async step(step: HttpStep, leftMs: number): Promise<Finding> {
    if (leftMs <= 0) return { outcome: 'failed', detail: 'no time was left for it', signature: 'timeout' };
    const { target, session, signal } = this.#sending;
    const { url: base, runId, authenticate, audience } = target;
    const name = `${step.method} ${step.path}`;
    try {
      const request = buildRequest(base, step, this.#values);
      if (URL.parse(request.url)?.host !== URL.parse(base)?.host)
        return { outcome: 'errored', detail: `${name} leads to another host` };
      const answer = await this.#prober.probe({
        ...request,
        headers: { ...request.headers, 'x-deploy-loop-run': runId },
        timeoutMs: leftMs,
        authenticate,
        audience,
        signal,
        session,
      });
      return this.#redacted(name, this.#judge(answer, step));
    } catch (error) {
      return this.#redacted(name, { outcome: 'errored', detail: describeError(error) });
    }
  }

  #judge(answer: ProbeAnswer, step: HttpStep): Finding {
    if (answer.kind === 'no-answer') return judgeSilence(answer);
    this.requests++;
    this.latencyMs = Math.max(this.latencyMs ?? 0, answer.latencyMs);
    const { status, body } = answer;
    const isExpected = isExpectedStatus(status, step.expect.status);
    // The application itself may refuse, or say that there is nothing: then it is its answer that counts.
    const isOwn = isExpected || status === 401 || status === 403;
    const platform = !isOwn || isPlatformPage(answer) ? platformsOwn(answer) : undefined;
    if (platform) return { outcome: 'errored', detail: platform.detail };
    if (!isExpected) {
      const detail = `HTTP ${status}, expected ${describeStatus(step.expect.status)}: ${excerpt(body)}`;
      return { outcome: 'failed', detail, ...(status >= 500 && { signature: `http-${status}` }) };
    }
    const fault = checkAnswer(answer, step.expect);
    if (fault !== undefined) return { outcome: 'failed', detail: fault };
    const captured = captureValues(answer, step.capture);
    if (typeof captured === 'string') return { outcome: 'failed', detail: captured };
    for (const [name, value] of captured) this.#values.set(name, value);
    return { outcome: 'passed' };
  }

  #redacted(name: string, { detail, ...finding }: Finding): Finding {
    if (detail === undefined) return finding;
    const long = [...this.#values].filter(([, value]) => value.trim().length >= 4);
    const redacted = new Redactor(new Map(long)).redact(`${name}: ${detail}`);
    return { ...finding, detail: redacted.slice(0, maxDetailLength) };
  }
}

function judgeSilence({ cause, detail }: Extract<ProbeAnswer, { kind: 'no-answer' }>): Finding {
  switch (cause) {
    case 'refused':
    case 'timeout':
      return { outcome: 'failed', detail, signature: cause };
    case 'tls':
    case 'name-resolution':
    case 'blocked':
    case 'no-token':
      return { outcome: 'errored', detail };
    default:
      return assertNever(cause);
  }
}
