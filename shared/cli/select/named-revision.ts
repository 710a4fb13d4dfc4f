import { nearestWord } from '../../config/file/explain/nearest-word.ts';
import type { RevisionName } from '../../domain/ids.ts';
import type { ServiceState } from '../../domain/service-state.ts';
import type { CloudRun } from '../../ports/cloud-run.ts';
import { BadInputError } from '../exit/bad-input-error.ts';
import type { KnownService } from './resolve-service.ts';

const maxNamed = 5;

/** @throws {BadInputError} Cloud Run has no such service */
export async function readService({ name, ref }: KnownService, run: CloudRun): Promise<ServiceState> {
  const state = await run.getService(ref);
  if (state) return state;
  const place = `${ref.project} / ${ref.region}`;
  throw new BadInputError(
    `Cloud Run has no service ${ref.service} in ${place}: ${name} was deleted or moved`,
  );
}

/** @throws {BadInputError} the service has no such revision; the message lists those that exist */
export async function assertRevision(
  { ref }: KnownService,
  revision: RevisionName | undefined,
  run: CloudRun,
): Promise<void> {
  if (revision === undefined) return;
  const names = (await run.listRevisions(ref)).map((known) => known.name);
  if (names.includes(revision)) return;
  const near = nearestWord(revision, names);
  const newest = names.slice(0, maxNamed).join(', ') || 'none';
  throw new BadInputError(
    `${ref.service} has no revision ${revision}${near ? `: did you mean ${near}?` : ''} (newest: ${newest})`,
  );
}
