import type { FunctionName } from '../../infra/local/pipeline/function-names.ts';
import { effectIdOf } from '../../shared/domain/ids.ts';
import { runNoticeId } from '../../shared/domain/notices/notice.ts';
import type { Deployed, FunctionsStack } from '../stack/functions/functions-stack.ts';

/** A valid message for each function, about a run that has ended: what a function does with one that comes again. */
export function messagesAbout({ ref, revision, runId }: Deployed): Readonly<Record<FunctionName, object>> {
  return {
    'begin-validation': { kind: 'revision', ref, revision, openedBy: 'sweep' },
    'check-health': { runId },
    'dispatch-shards': { runId },
    'execute-shard': { runId, slot: 0, turn: 0 },
    diagnose: { runId },
    notify: { noticeId: runNoticeId(runId, 'issue') },
    'record-history': { runId },
    'decide-stage': { runId, stage: 'health' },
    'route-traffic': { effectId: effectIdOf(runId, 'health', 'rollback') },
    'sweep-stale-runs': {},
    'record-dead-letter': { runId },
    'collect-results': {},
    'serve-reports': {},
  };
}

/** Functions that get no messages, and what to ask of them. */
const asked: ReadonlyMap<FunctionName, string> = new Map([
  ['serve-reports', '/api/runs'],
  ['collect-results', '/shard'],
]);

/** Has a function handle a message. @throws {Error} it did not */
export async function haveHandled(stack: FunctionsStack, name: FunctionName, message: object): Promise<void> {
  const path = asked.get(name);
  const { status, text } =
    path === undefined
      ? await stack.pipeline.ask(name, { method: 'POST', ...pushOf(stack, name, message) })
      : await stack.pipeline.ask(name, { path });
  // Without a token, a job's work is nobody's business.
  const isHandled = name === 'collect-results' ? status === 401 : status < 300;
  if (!isHandled) throw new Error(`${name} answered ${status}: ${text}`);
}

function pushOf(stack: FunctionsStack, name: FunctionName, message: object) {
  const id = name === 'record-dead-letter' ? 'deploy-loop-dead-letters' : `deploy-loop-${name}`;
  const data = Buffer.from(JSON.stringify(message)).toString('base64');
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: { data, messageId: '1' }, subscription: stack.subscription(id) }),
  };
}
