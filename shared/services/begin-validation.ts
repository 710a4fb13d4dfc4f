import type { BeginValidation } from '../contracts/messages.ts';
import type { Reason } from '../domain/verdict.ts';
import type { Ports } from '../ports/ports.ts';
import { loadCurrentConfig } from './records/load-config.ts';
import { recordRejection } from './records/record-rejection.ts';
import { beginFromBuild } from './runs/begin-from-build.ts';
import { registerRun } from './runs/register-run.ts';

/**
 * Opens the validation runs that a build, a person or the sweep requests. Idempotent: a repeated request finds the run
 * and wakes it.
 */
export async function beginValidation(message: BeginValidation, ports: Ports): Promise<void> {
  const bound = await loadCurrentConfig(ports.store);
  if (!bound) {
    const text = 'no config has been applied: run deploy-loop apply FILE';
    return recordRejection('begin-validation', subjectOf(message), { code: 'no-config', text }, ports);
  }
  if (message.kind === 'build') return beginFromBuild(message.name, bound, ports);

  const { ref, revision, openedBy, attempt, request } = message;
  const config = bound.config.services.find(
    (s) => s.project === ref.project && s.region === ref.region && s.service === ref.service,
  );
  if (!config) {
    const reason: Reason = { code: 'not-watched', text: `${ref.service} is not in the applied config` };
    return recordRejection('begin-validation', subjectOf(message), reason, ports);
  }
  const found = await ports.run.getRevision(ref, revision);
  if (!found) {
    const reason: Reason = { code: 'no-revision', text: `${ref.service} has no revision ${revision}` };
    return recordRejection('begin-validation', subjectOf(message), reason, ports);
  }
  await registerRun(
    { ref, config, configDigest: bound.digest, revision: found, openedBy, attempt, request },
    ports,
  );
}

function subjectOf(message: BeginValidation): string {
  return message.kind === 'build' ? message.name : `${message.ref.service}/${message.revision}`;
}
