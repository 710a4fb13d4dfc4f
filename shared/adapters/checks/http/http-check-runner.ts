import { findDifference } from '../../../contracts/expectations/find-difference.ts';
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
import { forwardedHost } from '../../../domain/forwarded-host.ts';
import { type Answer, classifyResponse } from '../../../domain/health/classify-response.ts';
import type { ProbeOutcome } from '../../../domain/health/probe-outcome.ts';
import { probeWithPage } from '../../../ports/probe-with-page.ts';
import type { ProbeAnswer, Prober } from '../../../ports/prober.ts';
import {
  DescribedCheckRunner,
  type DescribedCheckRunnerPorts,
  type Execution,
} from '../described-check-runner.ts';
import { Redactor } from '../redactor.ts';
import { buildRequest } from './build-request.ts';
import { captureValues } from './capture-values.ts';

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
  /** Those that nobody may see: secrets, and what was captured. */
  readonly #hidden: Map<string, string>;

  constructor(execution: Execution, prober: Prober) {
    this.#execution = execution;
    this.#prober = prober;
    this.#values = new Map(execution.values);
    this.#hidden = new Map(execution.secrets.values);
  }

  async step(step: HttpStep): Promise<Finding> {
    const leftMs = this.#execution.leftMs();
    if (leftMs <= 0) return { outcome: 'failed', detail: 'no time was left for it', signature: 'timeout' };
    const { target, session, signal } = this.#execution;
    const { url: base, runId, authenticate, audience, forwardedHost: host, iapAudience, ca } = target;
    const name = `${step.method} ${step.path}`;
    try {
      const request = buildRequest(base, step, this.#values);
      const filled = { ...step, expect: fillInAll(step.expect, this.#values) };
      if (URL.parse(request.url)?.host !== URL.parse(base)?.host)
        return { outcome: 'errored', detail: `${name} leads to another host` };
      const answer = await probeWithPage(this.#prober, {
        ...request,
        headers: {
          ...forwardedHost(host),
          ...request.headers,
          'x-deploy-loop-run': runId,
        },
        timeoutMs: leftMs,
        authenticate,
        audience,
        iapAudience,
        ca,
        signal,
        session,
      });
      return this.#redacted(name, this.#judge(answer, filled));
    } catch (error) {
      return this.#redacted(name, { outcome: 'errored', detail: describeError(error) });
    }
  }

  #judge(answer: ProbeAnswer, step: HttpStep): Finding {
    if (answer.kind === 'answer') {
      this.requests++;
      this.latencyMs = Math.max(this.latencyMs ?? 0, answer.latencyMs);
    }
    const expected = { ...step.expect, status: step.expect.status ?? '2xx' };
    const outcome = classifyResponse(answer, (given) => findDifference(given, expected));
    switch (outcome.kind) {
      case 'good':
        return answer.kind === 'answer' ? this.#capture(answer, step) : { outcome: 'passed' };
      case 'bad':
        return { outcome: 'failed', detail: outcome.detail, ...signatureOf(outcome) };
      case 'unknown':
        return { outcome: 'errored', detail: outcome.detail };
      default:
        return assertNever(outcome);
    }
  }

  #capture(answer: Answer, step: HttpStep): Finding {
    const captured = captureValues(answer, step.capture);
    if (typeof captured === 'string') return { outcome: 'failed', detail: captured };
    for (const [name, value] of captured) {
      this.#values.set(name, value);
      this.#hidden.set(name, value);
    }
    return { outcome: 'passed' };
  }

  #redacted(name: string, { detail, ...finding }: Finding): Finding {
    if (detail === undefined) return finding;
    const long = [...this.#hidden].filter(([, value]) => value.trim().length >= 4);
    const redacted = new Redactor(new Map(long)).redact(`${name}: ${detail}`);
    return { ...finding, detail: redacted.slice(0, maxDetailLength) };
  }
}

/** What failures of a deployment that is down have in common. */
function signatureOf({ fault, status }: Extract<ProbeOutcome, { kind: 'bad' }>): Pick<Finding, 'signature'> {
  if (fault === 'server-error') return { signature: `http-${status}` };
  return fault === 'refused' || fault === 'timeout' ? { signature: fault } : {};
}
