import type { FunctionName } from '../../infra/local/pipeline/function-names.ts';
import { effectIdOf } from '../../shared/domain/ids.ts';
import type { Deployed, FunctionsStack } from '../stack/functions-stack.ts';

/** A valid message for each function, about a run that has ended: what a function does with one that comes again. */
export function messagesAbout({ ref, revision, runId }: Deployed): Readonly<Record<FunctionName, object>> {
  return {
    'begin-validation': { kind: 'revision', ref, revision, openedBy: 'sweep' },
    'check-health': { runId },
    'dispatch-shards': { runId },
    'execute-shard': { runId, slot: 0, turn: 0 },
    'record-history': { runId },
    'decide-stage': { runId, stage: 'health' },
    'route-traffic': { effectId: effectIdOf(runId, 'health', 'rollback') },
    'sweep-stale-runs': {},
    'record-dead-letter': { runId },
    'serve-reports': {},
  };
}

/** Has a function settle a message. @throws {Error} it did not */
export async function settle(stack: FunctionsStack, name: FunctionName, message: object): Promise<void> {
  const isAsked = name === 'serve-reports';
  const { status, text } = isAsked
    ? await stack.pipeline.ask(name, { path: '/api/runs' })
    : await stack.pipeline.ask(name, { method: 'POST', ...pushOf(stack, name, message) });
  if (status >= 300) throw new Error(`${name} answered ${status}: ${text}`);
}

function pushOf(stack: FunctionsStack, name: FunctionName, message: object) {
  const id = name === 'record-dead-letter' ? 'deploy-loop-dead-letters' : `deploy-loop-${name}`;
  const data = Buffer.from(JSON.stringify(message)).toString('base64');
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: { data, messageId: '1' }, subscription: stack.subscription(id) }),
  };
}
