import type { FurtherUrl } from '../../../contracts/reach/further-urls.ts';
import { buildConversation } from '../../../contracts/suites/build-conversation.ts';
import type { WebsocketCheck, WebsocketSuite } from '../../../contracts/suites/websocket-suite.ts';
import { assertNever } from '../../../domain/assert-never.ts';
import { type CheckResult, maxDetailLength } from '../../../domain/checks/check-result.ts';
import { describeError } from '../../../domain/errors.ts';
import { forwardedHost } from '../../../domain/forwarded-host.ts';
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

/** Where a conversation is held. */
type Talk = FurtherUrl & Pick<CheckTarget, 'authenticate' | 'forwardedHost'>;

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
    const talk = (to: Talk) => this.#talk(check, execution, to);
    let requests = 0;
    const losses: string[] = [];
    let found: Finding;
    try {
      const direct = await talk(target);
      requests++;
      found = findingOf(judgeConversation(direct));
      for (const edge of found.outcome === 'passed' ? target.edges : []) {
        // An ID token for the service is never sent to a host that does not belong to it.
        const to = { ...edge, url: new URL(edge.url).origin, authenticate: 'never' } as const;
        const lost = describeLoss(edge.url, await talk(to));
        requests++;
        if (lost !== undefined) losses.push(lost);
      }
      if (losses.length > 0) found = { ...found, outcome: 'errored', detail: losses.join('; ') };
    } catch (error) {
      found = { outcome: 'errored', detail: describeError(error) };
    }
    return { ...redacted(check, found, secrets.redactor), requests };
  }

  async #talk(
    check: WebsocketCheck,
    { target, values, signal, leftMs }: Execution,
    { url, authenticate, forwardedHost: host, iapAudience, ca }: Talk,
  ): Promise<Conversation> {
    const { runId, audience } = target;
    const timeoutMs = leftMs();
    if (timeoutMs <= 0)
      return { kind: 'no-answer', cause: 'timeout', latencyMs: 0, detail: 'no time was left for it' };
    const conversation = buildConversation(url, check, values);
    return this.#sockets.converse({
      ...conversation,
      headers: {
        ...forwardedHost(host),
        ...conversation.headers,
        'x-deploy-loop-run': runId,
      },
      timeoutMs,
      authenticate,
      audience,
      iapAudience,
      ca,
      signal,
    });
  }
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
