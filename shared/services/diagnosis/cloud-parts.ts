import { compareSettings } from '../../domain/diagnosis/revision-settings.ts';
import type { RevisionName, ServiceRef } from '../../domain/ids.ts';
import { evidenceOfLog } from '../../domain/log-evidence/evidence-of-log.ts';
import { hideSecrets } from '../../domain/redaction/hide-secrets.ts';
import type { RevisionOrder } from '../../domain/revision.ts';
import type { LogPart } from '../../ports/logs.ts';
import type { Ports } from '../../ports/ports.ts';
import { none, type Part, within } from './part.ts';

/** The longest time before a run's end of which the logs are read. */
const longestMs = 60 * 60_000;
/** Entries of the log arrive late. */
const lagMs = 4_000;

/** A revision, and the one to compare its settings with. */
export interface Suspect {
  readonly ref: ServiceRef;
  readonly candidate: RevisionOrder;
  readonly stable?: RevisionName | undefined;
}

/** What Cloud Run and Cloud Logging know of a revision: its state, settings and logs. */
export function cloudParts(suspect: Suspect, ports: Ports): readonly Promise<Part>[] {
  return [
    within('the state of the revision', ports, () => conditionOf(suspect, ports)),
    within("the comparison of the revision's settings with stable", ports, () => changesOf(suspect, ports)),
    within("Cloud Run's own log of the revision", ports, () => logsOf(suspect, 'platform', ports)),
    within('the output of the container', ports, () => logsOf(suspect, 'output', ports)),
  ];
}

async function conditionOf({ ref, candidate }: Suspect, { run }: Ports): Promise<Part> {
  const revision = await run.getRevision(ref, candidate.revision);
  if (revision?.readiness.kind !== 'failed') return none;
  const { reason, message } = revision.readiness;
  const text = hideSecrets(message === '' ? reason : message);
  return { evidence: [{ ref: 'condition:Ready', source: 'platform', text }], missing: [] };
}

async function changesOf({ ref, candidate, stable }: Suspect, { run }: Ports): Promise<Part> {
  if (stable === undefined || stable === candidate.revision) return none;
  const [before, after] = await Promise.all([
    run.getSettings(ref, stable),
    run.getSettings(ref, candidate.revision),
  ]);
  if (!before || !after)
    return { evidence: [], missing: [{ what: 'the settings', why: 'a revision was deleted' }] };
  return { evidence: [], changes: compareSettings(before, after), missing: [] };
}

/** One part of the log; a part that is empty is read a second time, since entries arrive late. */
async function logsOf({ ref, candidate }: Suspect, part: LogPart, { logs, clock }: Ports): Promise<Part> {
  const read = async () => {
    const to = new Date(clock.now().getTime() + 60_000);
    const from = new Date(Math.max(candidate.createTime.getTime() - 60_000, to.getTime() - longestMs));
    return (await logs.listEntries({ ref, revision: candidate.revision, from, to }, part)).entries;
  };
  const early = await read();
  if (early.length === 0) await clock.sleep(lagMs);
  const entries = early.length === 0 ? await read() : early;
  return { evidence: evidenceOfLog(entries), missing: [] };
}
