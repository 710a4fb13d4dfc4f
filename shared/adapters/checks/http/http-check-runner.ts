import {
  type HttpCheck,
  type HttpStep,
  type HttpSuite,
  stepsOf,
} from '../../../contracts/suites/http-suite.ts';
import { fillInAll } from '../../../contracts/suites/references.ts';
import { assertNever } from '../../../domain/assert-never.ts';
import { type CheckResult, maxDetailLength } from '../../../domain/checks/check-result.ts';
import { describeError } from '../../../domain/errors.ts';
import { platformsOwn } from '../../../domain/health/classify-response.ts';
import { excerpt } from '../../../domain/render/excerpt.ts';
import type { ProbeAnswer, Prober } from '../../../ports/prober.ts';
import {
  DescribedCheckRunner,
  type DescribedCheckRunnerPorts,
  type Execution,
} from '../described-check-runner.ts';
import { Redactor } from '../redactor.ts';
import { buildRequest } from './build-request.ts';
import { captureValues } from './capture-values.ts';
import { checkAnswer, describeStatus, isExpectedStatus } from './check-answer.ts';

export interface HttpCheckRunnerPorts extends DescribedCheckRunnerPorts {
  readonly prober: Prober;
}

type Finding = Pick<CheckResult, 'outcome' | 'detail' | 'signature'>;

/** Runs checks of one request after another. */
export class HttpCheckRunner extends DescribedCheckRunner<HttpSuite> {
  readonly #prober: Prober;

  constructor({ prober, ...ports }: HttpCheckRunnerPorts) {
    super(ports);
    this.#prober = prober;
  }

  protected override async execute(
    check: HttpCheck,
    execution: Execution,
  ): Promise<Omit<CheckResult, 'id' | 'durationMs'>> {
    const http = new HttpExecution(execution, this.#prober);
    const steps = stepsOf(check);
    let found: Finding = { outcome: 'passed' };
    for (const [n, step] of steps.entries()) {
      found = await http.step(step);
      if (found.outcome === 'passed') continue;
      if (steps.length > 1 && found.detail !== undefined)
        found = { ...found, detail: `step ${n + 1} of ${steps.length}: ${found.detail}` };
      break;
    }
    return { ...found, requests: http.requests, latencyMs: http.latencyMs };
  }
}

/** One execution of a check: what its steps have captured, and how long they waited. */
class HttpExecution {
  requests = 0;
  latencyMs: number | undefined;
  readonly #execution: Execution;
  readonly #prober: Prober;
  readonly #values: Map<string, string>;

  constructor(execution: Execution, prober: Prober) {
    this.#execution = execution;
    this.#prober = prober;
    this.#values = new Map(execution.secrets.values);
  }

  async step(step: HttpStep): Promise<Finding> {
    const leftMs = this.#execution.leftMs();
    if (leftMs <= 0) return { outcome: 'failed', detail: 'no time was left for it', signature: 'timeout' };
    const { target, session, signal } = this.#execution;
    const { url: base, runId, authenticate, audience, forwardedHost } = target;
    const name = `${step.method} ${step.path}`;
    try {
      const request = buildRequest(base, step, this.#values);
      const filled = { ...step, expect: fillInAll(step.expect, this.#values) };
      if (URL.parse(request.url)?.host !== URL.parse(base)?.host)
        return { outcome: 'errored', detail: `${name} leads to another host` };
      const answer = await this.#prober.probe({
        ...request,
        headers: {
          ...(forwardedHost !== undefined && { 'x-forwarded-host': forwardedHost }),
          ...request.headers,
          'x-deploy-loop-run': runId,
        },
        timeoutMs: leftMs,
        authenticate,
        audience,
        signal,
        session,
      });
      return this.#redacted(name, this.#judge(answer, filled));
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
    const platform = platformsOwn(answer);
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
