import type { TagRefusal } from '../records/service-record.ts';
import type { ProbeOutcome } from './probe-outcome.ts';

type Refusal = Pick<TagRefusal, 'fault' | 'status' | 'detail'>;

/** What an application that checks the host answers: a status, a header or a body of its own, and never a 5xx. */
export function refusalOf(outcome: ProbeOutcome): Refusal | undefined {
  if (outcome.kind !== 'bad') return undefined;
  const { fault, status, detail } = outcome;
  return fault === 'wrong-status' || fault === 'wrong-header' || fault === 'wrong-body'
    ? { fault, status, detail }
    : undefined;
}

/** What a tag's URL answered although its revision was good says nothing of a revision that is asked by one now. */
export function discountRefusal(outcome: ProbeOutcome, known: TagRefusal | undefined): ProbeOutcome {
  const refusal = refusalOf(outcome);
  if (!refusal || refusal.fault !== known?.fault || refusal.status !== known.status) return outcome;
  return { kind: 'unknown', cause: 'unreachable', detail: describeRefusal(refusal) };
}

/** What it means, and what the owner of such a service can do. */
export function describeRefusal({ detail }: Refusal): string {
  return `the application refuses its tag URLs (${detail}): let it accept their hosts, or set health.host`;
}
