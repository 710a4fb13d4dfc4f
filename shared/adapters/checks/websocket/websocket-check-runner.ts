import { durationMs } from '../../../contracts/duration.ts';
import { buildConversation } from '../../../contracts/suites/build-conversation.ts';
import type { WebsocketCheck, WebsocketSuite } from '../../../contracts/suites/websocket-suite.ts';
import { assertNever } from '../../../domain/assert-never.ts';
import { type CheckResult, maxDetailLength } from '../../../domain/checks/check-result.ts';
import { describeError } from '../../../domain/errors.ts';
import type { Conversation } from '../../../domain/websocket/conversation.ts';
import { type ConversationOutcome, judgeConversation } from '../../../domain/websocket/judge-conversation.ts';
import type { CheckBatch, CheckTarget, Collected } from '../../../ports/check-runner.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Secrets } from '../../../ports/secrets.ts';
import type { WebSockets } from '../../../ports/web-sockets.ts';
import { DescribedChecks, type KnownSecrets } from '../described-checks.ts';
import type { Redactor } from '../redactor.ts';
import type { KindRunner } from '../suite-check-runner.ts';
import { describeLoss } from './describe-loss.ts';

export interface WebsocketCheckRunnerPorts {
  readonly sockets: WebSockets;
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

type Finding = Pick<CheckResult, 'outcome' | 'detail' | 'signature' | 'latencyMs'>;

/** Runs checks that the config describes, each over a socket of its own. */
export class WebsocketCheckRunner implements KindRunner<WebsocketSuite> {
  readonly #ports: WebsocketCheckRunnerPorts;
  readonly #described: DescribedChecks<WebsocketCheck>;

  constructor(ports: WebsocketCheckRunnerPorts) {
    this.#ports = ports;
    this.#described = new DescribedChecks(ports.secrets);
  }

  async collect(suite: WebsocketSuite): Promise<Collected> {
    return this.#described.collect(suite);
  }

  async run(
    { suite, ids, target }: CheckBatch & { readonly suite: WebsocketSuite },
    tell: (result: CheckResult) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#described.run(
      suite,
      ids,
      (check, secrets) => this.#execute(check, suite, target, secrets, signal),
      tell,
      signal,
    );
  }

  async #execute(
    check: WebsocketCheck,
    suite: WebsocketSuite,
    target: CheckTarget,
    known: KnownSecrets,
    signal: AbortSignal,
  ): Promise<CheckResult> {
    const { clock } = this.#ports;
    const startedMs = clock.monotonicMs();
    const sinceMs = () => clock.monotonicMs() - startedMs;
    const talk = (to: Pick<CheckTarget, 'url' | 'authenticate'>) =>
      this.#talk(check, { ...target, ...to }, durationMs(suite.timeout) - sinceMs(), known, signal);
    let requests = 0;
    const losses: string[] = [];
    let found: Finding;
    try {
      const direct = await talk(target);
      requests++;
      found = findingOf(judge(direct));
      for (const edge of found.outcome === 'passed' ? target.edges : []) {
        // No ID token leaves for a host that is not the service's own.
        const lost = describeLoss(edge, await talk({ url: new URL(edge).origin, authenticate: 'never' }));
        requests++;
        if (lost !== undefined) losses.push(lost);
      }
      if (losses.length > 0) found = { ...found, outcome: 'errored', detail: losses.join('; ') };
    } catch (error) {
      found = { outcome: 'errored', detail: describeError(error) };
    }
    return { id: check.name, ...redacted(check, found, known.redactor), durationMs: sinceMs(), requests };
  }

  async #talk(
    check: WebsocketCheck,
    { url, runId, authenticate, audience }: CheckTarget,
    leftMs: number,
    { values }: KnownSecrets,
    signal: AbortSignal,
  ): Promise<Conversation> {
    if (leftMs <= 0)
      return { kind: 'no-answer', cause: 'timeout', latencyMs: 0, detail: 'no time was left for it' };
    const conversation = buildConversation(url, check, values);
    return this.#ports.sockets.converse({
      ...conversation,
      headers: { ...conversation.headers, 'x-deploy-loop-run': runId },
      timeoutMs: leftMs,
      authenticate,
      audience,
      signal,
    });
  }
}

/** The application itself may ask for authorization: a check that is refused has failed, as by any other answer. */
function judge(conversation: Conversation): ConversationOutcome {
  if (conversation.kind !== 'refused') return judgeConversation(conversation);
  const { status } = conversation.answer;
  if (status !== 401 && status !== 403) return judgeConversation(conversation);
  const detail = `the handshake was refused with HTTP ${status}`;
  return { kind: 'bad', fault: 'wrong-status', status, latencyMs: conversation.answer.latencyMs, detail };
}

function findingOf(outcome: ConversationOutcome): Finding {
  switch (outcome.kind) {
    case 'good':
      return { outcome: 'passed', latencyMs: outcome.latencyMs };
    case 'bad': {
      const { detail, signature, latencyMs } = outcome;
      return { outcome: 'failed', detail, latencyMs, ...(signature !== undefined && { signature }) };
    }
    case 'unknown':
      return { outcome: 'errored', detail: outcome.detail };
    default:
      return assertNever(outcome);
  }
}

function redacted({ path }: WebsocketCheck, { detail, ...finding }: Finding, redactor: Redactor): Finding {
  if (detail === undefined) return finding;
  return { ...finding, detail: redactor.redact(`${path}: ${detail}`).slice(0, maxDetailLength) };
}
