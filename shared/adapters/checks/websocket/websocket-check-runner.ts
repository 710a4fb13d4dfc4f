import { buildConversation } from '../../../contracts/suites/build-conversation.ts';
import type { WebsocketCheck, WebsocketSuite } from '../../../contracts/suites/websocket-suite.ts';
import { assertNever } from '../../../domain/assert-never.ts';
import { type CheckResult, maxDetailLength } from '../../../domain/checks/check-result.ts';
import { describeError } from '../../../domain/errors.ts';
import type { Conversation } from '../../../domain/websocket/conversation.ts';
import { type ConversationOutcome, judgeConversation } from '../../../domain/websocket/judge-conversation.ts';
import type { CheckTarget } from '../../../ports/check-runner.ts';
import type { WebSockets } from '../../../ports/web-sockets.ts';
import {
  DescribedCheckRunner,
  type DescribedCheckRunnerPorts,
  type Execution,
} from '../described-check-runner.ts';
import type { Redactor } from '../redactor.ts';
import { describeLoss } from './describe-loss.ts';

export interface WebsocketCheckRunnerPorts extends DescribedCheckRunnerPorts {
  readonly sockets: WebSockets;
}

type Finding = Pick<CheckResult, 'outcome' | 'detail' | 'signature' | 'latencyMs'>;

/** Runs checks that are conversations, each over a socket of its own. */
export class WebsocketCheckRunner extends DescribedCheckRunner<WebsocketSuite> {
  readonly #sockets: WebSockets;

  constructor({ sockets, ...ports }: WebsocketCheckRunnerPorts) {
    super(ports);
    this.#sockets = sockets;
  }

  protected override async execute(
    check: WebsocketCheck,
    execution: Execution,
  ): Promise<Omit<CheckResult, 'id' | 'durationMs'>> {
    const { target, secrets } = execution;
    const talk = (to: Pick<CheckTarget, 'url' | 'authenticate' | 'forwardedHost'>) =>
      this.#talk(check, { ...execution, target: { ...target, ...to } });
    let requests = 0;
    const losses: string[] = [];
    let found: Finding;
    try {
      const direct = await talk(target);
      requests++;
      found = findingOf(judge(direct));
      for (const edge of found.outcome === 'passed' ? target.edges : []) {
        // An ID token is never sent to a host that does not belong to the service.
        const lost = describeLoss(
          edge,
          await talk({ url: new URL(edge).origin, authenticate: 'never', forwardedHost: undefined }),
        );
        requests++;
        if (lost !== undefined) losses.push(lost);
      }
      if (losses.length > 0) found = { ...found, outcome: 'errored', detail: losses.join('; ') };
    } catch (error) {
      found = { outcome: 'errored', detail: describeError(error) };
    }
    return { ...redacted(check, found, secrets.redactor), requests };
  }

  async #talk(check: WebsocketCheck, { target, values, signal, leftMs }: Execution): Promise<Conversation> {
    const { url, runId, authenticate, audience, forwardedHost } = target;
    const timeoutMs = leftMs();
    if (timeoutMs <= 0)
      return { kind: 'no-answer', cause: 'timeout', latencyMs: 0, detail: 'no time was left for it' };
    const conversation = buildConversation(url, check, values);
    return this.#sockets.converse({
      ...conversation,
      headers: {
        ...(forwardedHost !== undefined && { 'x-forwarded-host': forwardedHost }),
        ...conversation.headers,
        'x-deploy-loop-run': runId,
      },
      timeoutMs,
      authenticate,
      audience,
      signal,
    });
  }
}

/** The application itself may require authorization: a refused check has failed, like any other wrong response. */
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
